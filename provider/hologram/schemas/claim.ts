import { Big } from "big.js";
import { describeBody, isRedirect } from "../answers";
import {
  type Envelope,
  isIccidLike,
  isRateLimit,
  isRecord,
  itemsOf,
  readEnvelope,
  readFailureMap,
} from "../envelope";
import type {
  ClaimAnswer,
  ClaimedSim,
  ClaimRequest,
  ClaimTarget,
  Order,
  PreviewAnswer,
  RefusalCause,
} from "../model";
import type { Redactor } from "../redact";
import { asAnswered, asIccid, type Spelling, spellingOfList, spellingOfRange } from "../spelling";
import type { Answer, Reply } from "../transport";
import { asId, asMoney } from "./readers";

/** Body of a claim that charges. */
export function claimBody(request: ClaimRequest): Record<string, unknown> {
  return {
    ...targetBody(request.target),
    orgid: request.orgId,
    plan: request.plan,
    zone: request.zone,
    tagid: request.tagId,
    overage_limit: request.overageLimit,
    threshold: request.threshold,
    smslimit: request.smsLimit,
    invalidatePreflightSims: request.invalidatePreflightSims,
  };
}

/**
 * Body of a preview. It must never become a purchase, even where the server does not know `preview=true`: a live
 * activation needs a plan and a zone, and it has neither. A Test Mode SIM has both of its own; by either documented
 * meaning of `invalidatePreflightSims` (reject such SIMs, or take them as fresh ones) it cannot be bought with them.
 */
export function previewBody(orgId: number, target: ClaimTarget): Record<string, unknown> {
  return { ...targetBody(target), orgid: orgId, invalidatePreflightSims: true };
}

function targetBody(target: ClaimTarget): Record<string, unknown> {
  if ("sims" in target) return { sims: target.sims };
  return "simRange" in target ? { simrange: target.simRange } : { eidrange: target.eidRange };
}

/** What a claim came to, in the spelling of its request. Everything that is not certain is doubt. */
export function readClaim(reply: Reply, target: ClaimTarget, redactor: Redactor): ClaimAnswer {
  if (reply.kind === "notSent") {
    const message = `Hologram could not be reached (${reply.code}: ${reply.detail}), so nothing was claimed`;
    return { kind: "refused", cause: "other", isRejected: false, message };
  }
  if (reply.kind === "lost") {
    return { kind: "doubtful", message: `no answer to the claim came (${reply.code}: ${reply.detail})` };
  }
  const { status } = reply;
  const envelope = readEnvelope(reply.body);
  const spelled = spellingOf(target);
  const refused = refusedSims(envelope, redactor, spelled);
  if (refused !== undefined) {
    const certain = envelope.success === false && !refused.mixed && status < 500 && status !== 408;
    return { kind: "refusedSims", reasons: refused.reasons, restDoubtful: !certain };
  }
  const refusal = refusalIn(reply, envelope, redactor);
  if (refusal !== undefined) return refusal;
  if (status >= 200 && status < 300 && envelope.success === true) {
    const items = itemsOf(envelope.data ?? undefined);
    const order = readOrder(envelope.orderData);
    if (items !== undefined) {
      const sims = items.flatMap((item) => claimedSim(item, spelled));
      return { kind: "claimed", sims, ...(order ? { order } : {}) };
    }
  }
  return { kind: "doubtful", message: doubt(reply, envelope, redactor) };
}

/**
 * What a preview came to, in the spelling of its request, or undefined where the reply is a failure like that of any other
 * read.
 */
export function readPreview(
  reply: Reply,
  target: ClaimTarget,
  redactor: Redactor,
): PreviewAnswer | undefined {
  if (reply.kind !== "answer") return undefined;
  const envelope = readEnvelope(reply.body);
  const bought = boughtIn(envelope);
  if (bought !== undefined) return { kind: "looksLikePurchase", iccids: bought };
  const spelled = spellingOf(target);
  const refused = refusedSims(envelope, redactor, spelled);
  if (refused !== undefined) return { kind: "refusedSims", reasons: refused.reasons };
  const refusal = refusalIn(reply, envelope, redactor);
  if (refusal !== undefined) return refusal;
  if (reply.status < 200 || reply.status >= 300 || envelope.success !== true) return undefined;
  const items = itemsOf(envelope.data ?? null) ?? [];
  const iccids = items
    .map(iccidOf)
    .filter((iccid) => iccid !== undefined)
    .map(spelled);
  const order = readOrder(envelope.orderData);
  // No name beside a number above zero: this answer counts, and does not name.
  const names = iccids.length > 0 || (Array.isArray(envelope.data) && !((order?.quantity ?? 0) > 0));
  return { kind: "claimable", ...(names ? { iccids } : {}), ...(order ? { order } : {}) };
}

function spellingOf(target: ClaimTarget): Spelling {
  if ("sims" in target) return spellingOfList(target.sims);
  if ("eidRange" in target) return asAnswered;
  const [first = "", last = ""] = target.simRange.split("-");
  return spellingOfRange(first, last);
}

/** A 5xx can carry all that a preview is to tell; then another try would change nothing. */
export function settlesPreview(answer: Answer): boolean {
  const envelope = readEnvelope(answer.body);
  return boughtIn(envelope) !== undefined || refusalMapIn(envelope) !== undefined;
}

function refusedSims(envelope: Envelope, redactor: Redactor, spelled: Spelling) {
  const map = refusalMapIn(envelope);
  if (map === undefined) return undefined;
  const reasons = new Map([...map.reasons].map(([iccid, words]) => [spelled(iccid), redactor.words(words)]));
  return { reasons, mixed: map.mixed };
}

/** With `success: true`, texts for SIMs could be anything. */
function refusalMapIn({ success, data }: Envelope) {
  return success === true ? undefined : readFailureMap(data);
}

/** A refusal of the whole request, where it is certain. */
function refusalIn(answer: Answer, { success, words: said }: Envelope, redactor: Redactor) {
  const { status, body } = answer;
  const words = redactor.words(said);
  const refuse = (cause: RefusalCause) => {
    const message = words === "" ? `Hologram answered with status ${status} and no words` : words;
    return { kind: "refused", cause, isRejected: status >= 400, message } as const;
  };
  if (isRateLimit(answer)) return refuse("rateLimit");
  if (status === 401) return refuse("key");
  if (status === 403) return refuse("role");
  if (status >= 500 || status === 408 || isRedirect(status) || body.form !== "json") return undefined;
  const told = success === false || (success === undefined && status >= 400 && hasError(body.value));
  return told ? refuse(causeIn(words, status)) : undefined;
}

function hasError(value: unknown): boolean {
  return isRecord(value) && (value.error !== undefined || value.errors !== undefined);
}

/** No text of these refusals is documented; the words are what their senders can be expected to use. */
function causeIn(words: string, status: number): RefusalCause {
  if (status === 402 || /balance|\bfunds?\b|insufficient|\bcredits?\b/i.test(words)) return "balance";
  const large = /too many|too large|at most|maximum|\b2[,.]?500\b/i;
  return status === 413 || large.test(words) ? "tooLarge" : "other";
}

function doubt(answer: Answer, envelope: Envelope, redactor: Redactor): string {
  const words = redactor.words(envelope.words);
  const said = words === "" ? "" : `, saying "${words}"`;
  if (answer.status >= 200 && answer.status < 300) {
    return `the answer to the claim cannot be read: ${describeBody(answer, envelope)}${said}`;
  }
  return `Hologram answered the claim with status ${answer.status}${said}`;
}

/** Device ids are `device`, in the oldest edition of the documentation `Devices`. */
function idsOf(item: unknown): { device: number | undefined; link: number | undefined } {
  return isRecord(item)
    ? { device: asId(item.device) ?? asId(item.Devices), link: asId(item.link) }
    : { device: undefined, link: undefined };
}

function iccidOf(item: unknown): string | undefined {
  const iccid = asIccid(isRecord(item) ? item.sim : item);
  return iccid !== undefined && isIccidLike(iccid) ? iccid : undefined;
}

function claimedSim(item: unknown, spelled: Spelling): ClaimedSim[] {
  const iccid = iccidOf(item);
  const { device, link } = idsOf(item);
  if (iccid === undefined || device === undefined || link === undefined) return [];
  return [{ iccid: spelled(iccid), deviceId: device, linkId: link }];
}

/** The SIMs that an answer gives device or link ids to. Undefined where it gives none. */
function boughtIn({ data }: Envelope): readonly string[] | undefined {
  const bought = (itemsOf(data) ?? []).filter((item) => {
    const { device, link } = idsOf(item);
    return device !== undefined || link !== undefined;
  });
  return bought.length === 0 ? undefined : bought.map(iccidOf).filter((iccid) => iccid !== undefined);
}

/** The money of a claim, summed: `order_data` is an object or a list of them, by edition, or not there. */
function readOrder(orderData: unknown): Order | undefined {
  const orders = (Array.isArray(orderData) ? orderData : [orderData]).filter(isRecord);
  if (orders.length === 0) return undefined;
  const total = sum(orders, "total_cost");
  const order = {
    salesTax: sum(orders, "sales_tax") ?? "0",
    shippingCost: sum(orders, "shipping_cost") ?? "0",
  };
  const quantity = sum(orders, "quantity");
  return {
    ...order,
    ...(total === undefined ? {} : { totalCost: total }),
    ...(quantity === undefined ? {} : { quantity: Number(quantity) }),
  };
}

function sum(orders: readonly Record<string, unknown>[], field: string): string | undefined {
  const amounts = orders.map((order) => asMoney(order[field])).filter((amount) => amount !== undefined);
  return amounts.length === 0
    ? undefined
    : amounts.reduce((all, each) => all.plus(each), new Big(0)).toFixed();
}
