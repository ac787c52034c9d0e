import type { SeenRequest } from "../../../provider/testing/emulator";
import type { Command } from "../judge/command";
import { namesOf } from "../story/cards";

/** What a command did, for people: its rows, its previews, one line a request, with cards by their place. */
export function describe(command: Command, errors: readonly string[]): string {
  const { kind, stack, steps, requests, shown, after, died } = command;
  const rows = steps.filter(({ op }) => op !== "same").map(({ op, name, end }) => `${op} ${name}: ${end}`);
  const previews = [...shown].map(([name, { preview, ...inputs }]) => {
    const { sims, simRange, eidRange } = inputs;
    const selection = Array.isArray(sims) ? namesOf(sims.map(String)) : short(String(simRange ?? eidRange));
    return `${name} (${selection}): ${summaryOf(preview)}`;
  });
  const records = [...after].map(([name, { iccids, lost, unfinished }]) => {
    const more = [lost.length > 0 ? `lost ${namesOf(lost)}` : "", unfinished.join("; ")].filter(
      (each) => each !== "",
    );
    return `record ${name}: ${namesOf(iccids)}${more.length > 0 ? `; ${more.join("; ")}` : ""}`;
  });
  return [
    `${kind} of stack ${stack}${died ? ", all died" : ""}: ${rows.join(", ") || "nothing"}`,
    ...previews.map((line) => `  ${line}`),
    ...requests.preview.map((seen) => `  preview ${describeRequest(seen)}`),
    ...requests.update.map((seen) => `  ${describeRequest(seen)}`),
    ...errors.map((text) => `  ! ${short(text.slice(0, 600))}`),
    ...records.map((line) => `  ${short(line)}`),
  ].join("\n");
}

function summaryOf(preview: unknown): string {
  if (typeof preview !== "object" || preview === null) return "no preview";
  const { summary, unverified } = { summary: undefined, unverified: undefined, ...preview };
  return [summary, unverified].filter((each) => each !== undefined).join("; not verified: ");
}

function describeRequest({ n, method, path, query, status, body }: SeenRequest): string {
  const preview = query.preview === undefined ? "" : " preview";
  return short(`${n} ${method} ${path}${preview} ${fieldsOf(body)} -> ${status}`);
}

function fieldsOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  if ("sims" in body && Array.isArray(body.sims)) return namesOf(body.sims.map(String));
  return JSON.stringify(body);
}

/** ICCIDs as people read them here. */
function short(text: string): string {
  return text.replace(/\b8[89]445\d{15}\b/g, (iccid) => namesOf([iccid]));
}
