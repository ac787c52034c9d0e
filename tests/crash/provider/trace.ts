import type { SeenRequest } from "../../../provider/testing/emulator";
import { type Report, simsOf } from "../../harness/provider/providerReport";
import { placeOf } from "./cards";

/** What an operation did, for people: one line a request, with cards by their place. */
export function describe(
  operation: string,
  { changes, requests, failures, errors, reasons }: Report,
): string {
  const said = [...failures, ...errors, ...reasons].map((text) => `! ${text.slice(0, 300)}`);
  return [`${operation}: ${changes || "nothing"}`, ...requests.map(describeRequest), ...said].join("\n     ");
}

export function names(iccids: Iterable<string>): string {
  return [...iccids].map(nameOf).join(", ");
}

function describeRequest(seen: SeenRequest): string {
  const { n, method, path, query, status, body } = seen;
  const preview = query.preview === undefined ? "" : " preview";
  return `${n} ${method} ${path}${preview} ${names(simsOf(seen))}${fieldsOf(body)} -> ${status}`;
}

function fieldsOf(body: unknown): string {
  if (typeof body !== "object" || body === null || "sims" in body) return "";
  if ("simrange" in body) return String(body.simrange).split("-").map(nameOf).join("-");
  return JSON.stringify(body);
}

/** A star marks an eSIM that shows another ICCID than the one on its card. */
function nameOf(iccid: string): string {
  return iccid.startsWith("89445")
    ? `#${placeOf(iccid)}`
    : iccid.startsWith("88445")
      ? `#${placeOf(iccid)}*`
      : iccid;
}
