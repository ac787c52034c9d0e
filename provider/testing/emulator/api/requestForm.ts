/** What a request says: the parameters of its query, the fields of its body, and whether its endpoint heeds them all. */
import type { Behaviour } from "../account/behaviour";
import { Refusal } from "../account/refusal";
import { Fields, fieldsOfPairs, isRecord } from "./bodyFields";
import type { Route } from "./http";

/** A query is text: a list in it has commas between its items, however it was spelled. The key is none of it. */
export function readQuery(search: URLSearchParams): Record<string, string> {
  const fields = Object.entries(fieldsOfPairs(search)).filter(([name]) => name !== "apikey");
  return Object.fromEntries(
    fields.map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : String(value)]),
  );
}

/**
 * The parsed body: undefined without one, text where it is neither JSON nor a form. The blueprint spells the type of a
 * form `x-form-urlencoded`.
 */
export function readBody(text: string, type = ""): unknown {
  if (text === "") return undefined;
  if (/^application\/x-(www-)?form-urlencoded/i.test(type)) return fieldsOfPairs(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Refuses what the endpoint would ignore. Hologram's introduction says that `orgid` narrows most endpoints: here all. */
export function refuseUnheeded(
  route: Route,
  query: Readonly<Record<string, string>>,
  body: unknown,
  behaviour: Behaviour,
): void {
  if (route.isOpen === true) return;
  const [empty] = Object.entries(query).find(([, value]) => value === "") ?? [];
  // A filter without a value would find everything.
  if (empty !== undefined && behaviour.unknownFields === "refuse") {
    throw new Refusal(400, `The parameter ${empty} has no value`);
  }
  if (body !== undefined && !isRecord(body)) {
    throw new Refusal(400, "The body must be a JSON object or form-urlencoded fields");
  }
  for (const [kind, given, heeded] of [
    ["parameter", Object.keys(query), ["orgid", ...route.query]],
    ["field", Fields.of(body).names, route.body],
  ] as const) {
    const notPlayed = given.find((name) => route.notPlayed?.includes(name) && !heeded.includes(name));
    if (notPlayed !== undefined) throw new Refusal(501, `The ${kind} ${notPlayed} is ${NOT_PLAYED}`);
    const unknown = given.find((name) => !heeded.includes(name) && !route.notPlayed?.includes(name));
    if (unknown !== undefined && behaviour.unknownFields === "refuse") {
      throw new Refusal(400, `Unknown ${kind} ${unknown}`);
    }
  }
}

/** How answers say that Hologram documents something and the emulator leaves it out. */
export const NOT_PLAYED = "not played by this emulator";
