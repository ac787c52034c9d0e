import { nameSome } from "../../fleet/model/fleetErrors";
import { itemsOf } from "../../hologram/envelope";
import { type EndpointName, formOf, unknownFields } from "./answerForms";
import { bodyOf, envelopeOf } from "./ask";
import { good, type Verdict, warning } from "./verdict";
import type { SeenAnswer } from "./watch";

/** Which documented form each answer has, and the fields that are documented nowhere. One verdict for each endpoint. */
export function judgeForms(answers: readonly SeenAnswer[]): readonly Verdict[] {
  const judged = answers.flatMap((answer) => {
    const endpoint = endpointOf(answer);
    const verdict = endpoint === undefined ? undefined : judge(endpoint, answer);
    return verdict === undefined ? [] : [verdict];
  });
  // Organizations answer alike; what differs is another line.
  return [...new Map(judged.map((verdict) => [verdict.text, verdict])).values()];
}

function judge(endpoint: EndpointName, answer: SeenAnswer): Verdict | undefined {
  const [topic, { success, data }] = ["form", envelopeOf(answer)];
  const place = `${answer.method} ${pathOf(answer)}`;
  if (endpoint !== "preview" && success !== true) return undefined;
  const items = itemsOf(data);
  const name = items?.length === 0 ? "an empty list, which has no form" : formOf(endpoint, data);
  if (name === undefined) {
    return warning(
      topic,
      `${place} has no form that is documented`,
      "Run doctor with --report, and attach the file to an issue",
    );
  }
  const body = bodyOf(answer);
  const others = body.form === "json" ? unknownFields(endpoint, body.value) : [];
  if (others.length === 0) return good(topic, `${place}: ${name}`);
  const fields = others.length === 1 ? "a field that is" : `${others.length} fields that are`;
  return warning(
    topic,
    `${place}: ${name}; and ${fields} documented nowhere: ${nameSome(others)}`,
    "It does no harm: what is not known is not read. A --report in an issue helps to know it",
  );
}

const ENDPOINTS: readonly (readonly [RegExp, EndpointName])[] = [
  [/^\/organizations$/, "organizations"],
  [/^\/organizations\/\d+\/balance$/, "balance"],
  [/^\/plans$/, "plans"],
  [/^\/links\/cellular$/, "links"],
  [/^\/devices$/, "devices"],
  [/^\/devices\/tags$/, "tags"],
  [/^\/links\/cellular\/bulkclaim$/, "preview"],
];

function endpointOf(answer: SeenAnswer): EndpointName | undefined {
  const [path] = answer.path.split("?");
  return ENDPOINTS.find(([pattern]) => pattern.test(path ?? ""))?.[1];
}

function pathOf({ path }: SeenAnswer): string {
  return (path.split("?")[0] ?? "").replace(/\/\d+\//, "/{orgid}/");
}
