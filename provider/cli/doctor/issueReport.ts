import { isRecord } from "../../hologram/envelope";
import { packageManifest } from "../packageManifest";
import { bodyOf } from "./ask";
import { Pseudonyms } from "./pseudonyms";
import type { Verdict } from "./verdict";
import type { SeenAnswer } from "./watch";

/**
 * The answers of an account for an issue: every number, name and key in them is replaced, the same by the same. Names of
 * fields, states, zones and the server's words about failures stay, because they are what a report is for.
 */
export function reportText(verdicts: readonly Verdict[], answers: readonly SeenAnswer[]): string {
  const told = answers.map(({ path, text, sent }) => `${path} ${text} ${JSON.stringify(sent)}`);
  const pseudonyms = new Pseudonyms(new Set(told.join(" ").match(/\d+/g)));
  // A first time for the names: then the server's sentences are freed of all of them.
  for (const answer of answers) replacedAnswer(answer, pseudonyms);
  const report = {
    about: "Answers of a Hologram account, with every number, name and key replaced.",
    package: packageManifest().version,
    node: process.versions.node,
    verdicts: verdicts.map(({ topic, level }) => ({ topic, level })),
    answers: answers.map((answer) => replacedAnswer(answer, pseudonyms)),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function replacedAnswer(answer: SeenAnswer, pseudonyms: Pseudonyms): object {
  return {
    request: `${answer.method} ${pseudonyms.digits(answer.path)}`,
    ...(answer.sent === undefined ? {} : { sent: replaced(answer.sent, "", pseudonyms) }),
    status: answer.status,
    headers: headersOf(answer),
    milliseconds: Math.round(answer.milliseconds / 100) * 100,
    body: bodyIn(answer, pseudonyms),
  };
}

/** Fields whose words are Hologram's own, and part of its form. */
const WORDS_THAT_STAY = new Set([
  ...["state", "oldstate", "newstate", "intended_network_state", "profile_state", "euicc_state"],
  ...["euicc_type", "profile_type", "zone", "account_tier", "current_tier", "sku", "transaction_type_id"],
]);
const SENTENCES = new Set(["error", "errors", "message", "reason"]);
/** Of a long list, so many items of each shape are enough. */
const MOST_OF_A_SHAPE = 2;

function bodyIn(answer: SeenAnswer, pseudonyms: Pseudonyms): unknown {
  const body = bodyOf(answer);
  if (body.form === "empty") return "(empty)";
  if (body.form === "json") return replaced(body.value, "", pseudonyms);
  const kind = /^\s*</.test(body.text) ? "a web page" : "text";
  return `(${kind} of ${body.text.length < 1_000 ? "under" : "over"} 1,000 characters)`;
}

/** `field` is the name that the value stands under. */
function replaced(value: unknown, field: string, pseudonyms: Pseudonyms): unknown {
  if (typeof value === "number") return pseudonyms.number(value);
  if (typeof value === "string") return textFor(value, field, pseudonyms);
  if (Array.isArray(value)) return listFor(value, field, pseudonyms);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => {
    // A map from ICCID to message: a sentence under a number.
    const isMessage = /^\d{18,22}$/.test(key) && typeof each === "string";
    return [keyFor(key, field, pseudonyms), replaced(each, isMessage ? "message" : key, pseudonyms)];
  });
  return Object.fromEntries(entries);
}

function textFor(text: string, field: string, pseudonyms: Pseudonyms): string {
  if (text === "") return text;
  if (SENTENCES.has(field)) return pseudonyms.words(text);
  if (WORDS_THAT_STAY.has(field) && /^[A-Za-z][A-Za-z_ -]{0,40}$/.test(text)) return text;
  if (/^[\d\s:.+TZ-]+$/.test(text)) return pseudonyms.digits(text);
  // A path of the API keeps its form; the host may be an internal one.
  if (field === "next" || field === "path") return pseudonyms.digits(text);
  return pseudonyms.name(text);
}

/** Names of zones and tiers are Hologram's; a key that is a number, or bears a long one, is somebody's. */
function keyFor(key: string, field: string, pseudonyms: Pseudonyms): string {
  if (field === "zones" || field === "tiers")
    return /^[A-Za-z_ -]+$/.test(key) ? key : pseudonyms.digits(key);
  const isField = /^[A-Za-z_][A-Za-z0-9_-]{0,60}$/.test(key) && !/\d{5}/.test(key);
  return isField ? key : pseudonyms.digits(key);
}

function listFor(list: readonly unknown[], field: string, pseudonyms: Pseudonyms): unknown[] {
  const counts = new Map<string, number>();
  const kept = list.filter((item) => {
    const shape = shapeOf(item);
    const count = (counts.get(shape) ?? 0) + 1;
    counts.set(shape, count);
    return count <= MOST_OF_A_SHAPE;
  });
  const items = kept.map((item) => replaced(item, field, pseudonyms));
  return kept.length === list.length
    ? items
    : [...items, `(more of these ${counts.size === 1 ? "" : `${counts.size} `}forms)`];
}

function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].join()}]`;
  if (!isRecord(value)) return value === null ? "null" : typeof value;
  return `{${Object.entries(value)
    .map(([key, each]) => `${/^\d+$/.test(key) ? "*" : key}:${shapeOf(each)}`)
    .join()}}`;
}

/** What tells the form of an answer and nothing of who got it. */
function headersOf({ headers }: SeenAnswer): object {
  const kept = ["content-type", "content-encoding", "retry-after", "server", "transfer-encoding"];
  return Object.fromEntries(
    kept.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
}
