import { asIccid } from "./spelling";
import type { Answer, Body } from "./transport";

/** What every answer of the API has in common, in whatever form it came. Nothing in it is redacted yet. */
export interface Envelope {
  /** Undefined where the answer does not say, or is no JSON object. */
  readonly success: boolean | undefined;
  readonly data: unknown;
  /** What the server said about a failure; empty where it said nothing. */
  readonly words: string;
  readonly orderData: unknown;
  readonly continues: boolean | undefined;
  readonly lastId: unknown;
  /** `startafter` of the address of the next page. Only this is taken from it: its host may be an internal one. */
  readonly nextStart: string | undefined;
}

/** Reads the envelope of any body, plain text and HTML included. */
export function readEnvelope(body: Body): Envelope {
  if (body.form !== "json" || !isRecord(body.value)) {
    return { ...nothing, words: body.form === "text" ? plainWords(body.text) : "" };
  }
  const { success, data, error, errors, order_data, continues, lastid, links } = body.value;
  return {
    success: asFlag(success),
    data,
    // `errors` stands for `error` in answers seen by the published Python client wiliot-hologram-api.
    words: textIn(error) || textIn(errors) || (asFlag(success) === true ? "" : messageIn(data)),
    orderData: order_data,
    continues: asFlag(continues),
    lastId: lastid,
    nextStart: startOfNext(links),
  };
}

const nothing: Envelope = {
  success: undefined,
  data: undefined,
  words: "",
  orderData: undefined,
  continues: undefined,
  lastId: undefined,
  nextStart: undefined,
};

/** A map from ICCID to message: how the API refuses single SIMs (seen in Hologram's Python SDK). */
export interface FailureMap {
  readonly reasons: ReadonlyMap<string, string>;
  /** True when some ICCID has something else than a message, so that not all of the request was refused. */
  readonly mixed: boolean;
}

/** The failure map in `data`, or undefined where it is none. A key that is no ICCID makes it something else. */
export function readFailureMap(data: unknown): FailureMap | undefined {
  if (!isRecord(data)) return undefined;
  const reasons = new Map<string, string>();
  let mixed = false;
  for (const [key, value] of Object.entries(data)) {
    const iccid = asIccid(key);
    if (iccid === undefined || !isIccidLike(iccid)) return undefined;
    const message = hasIds(value) ? "" : messageIn(value);
    if (message === "") mixed = true;
    else reasons.set(iccid, message);
  }
  return reasons.size > 0 ? { reasons, mixed } : undefined;
}

/** 429, or the same said with another status. Certainly not processed. */
export function isRateLimit(answer: Answer): boolean {
  if (answer.status === 429) return true;
  if (answer.status >= 500 || answer.body.form !== "json") return false;
  const { success, data, words } = readEnvelope(answer.body);
  return success === false && readFailureMap(data) === undefined && /rate limit exceeded/i.test(words);
}

/**
 * The items of a list: an array, an object keyed by id (its values), or one item alone (an object with an id of its
 * own). Undefined where there is no list; `null` counts as an empty one.
 */
export function itemsOf(data: unknown): readonly unknown[] | undefined {
  if (data === null) return [];
  if (Array.isArray(data)) return data;
  if (!isRecord(data)) return undefined;
  const values = Object.values(data);
  return values.every(isRecord) ? values : [data];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isIccidLike(text: string): boolean {
  return /^\d{18,22}$/.test(text);
}

function hasIds(value: unknown): boolean {
  return isRecord(value) && ["device", "Devices", "link"].some((name) => name in value);
}

function asFlag(value: unknown): boolean | undefined {
  if (value === true || value === 1 || value === "1" || value === "true") return true;
  if (value === false || value === 0 || value === "0" || value === "false") return false;
  return undefined;
}

/** Text of an `error` or `errors`: itself, or what its items or fields say, joined. Numbers and flags say nothing. */
function textIn(value: unknown): string {
  const message = messageIn(value);
  if (message !== "" || !isRecord(value)) return message;
  return Object.values(value).map(textIn).filter(Boolean).join("; ");
}

/**
 * A message in a place that can hold data as well: text, a list of texts, messages keyed by id, or a field that is
 * named like a message. Other fields are never taken for words: they may be a PIN.
 */
function messageIn(value: unknown): string {
  if (typeof value === "string") return value.trim();
  if (Array.isArray(value)) return value.map(messageIn).filter(Boolean).join("; ");
  if (!isRecord(value)) return "";
  const keyed = Object.keys(value).every((key) => /^\d+$/.test(key));
  const texts = keyed ? Object.values(value) : [value.message ?? value.error ?? value.errors ?? value.reason];
  return texts.map(messageIn).filter(Boolean).join("; ");
}

/** What a person would read of a text or an HTML page. Half a JSON body is data, not words. */
function plainWords(text: string): string {
  if (/^\s*[{[]/.test(text)) return "";
  return text
    .replace(/<(script|style)\b.*?<\/\1>/gis, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function startOfNext(links: unknown): string | undefined {
  const all: readonly unknown[] = Array.isArray(links) ? links : [links];
  for (const link of all) {
    if (!isRecord(link) || typeof link.next !== "string") continue;
    const start = /[?&]startafter=(\d+)/.exec(link.next)?.[1];
    if (start !== undefined) return start;
  }
  return undefined;
}
