import { isRecord, itemsOf } from "../envelope";
import type { Sim } from "../model";
import { asIccid } from "../spelling";
import { asDigits, asId, asNumber, asStamp, asText, type Stamp } from "./readers";

/** Read, or what could not be read. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly problem: string;
      /** The numbers in it that can be read all the same: whose record it is. */
      readonly iccid?: string | undefined;
      readonly deviceId?: number | undefined;
    };

/**
 * One item of `GET /links/cellular`. `now` is for Test Mode, which ends by itself. Read field by field and not by a
 * schema: a fleet of 100,000 SIMs is read several times in one `up`, and a schema took most of that.
 */
export function readLink(item: unknown, now: number): Reading<Sim> {
  return readLinkOf(item, undefined, now);
}

/** One item of `GET /devices`: a SIM for each of its links. */
export function readDevice(item: unknown, now: number): Reading<readonly Sim[]> {
  if (!isRecord(item)) return { ok: false, problem: NO_OBJECT };
  if (asId(item.id) === undefined) return { ok: false, problem: "no usable id" };
  const sims: Sim[] = [];
  for (const each of isRecord(item.links) ? (itemsOf(item.links.cellular) ?? []) : []) {
    const link = readLinkOf(each, item, now);
    if (!link.ok) return { ...link, problem: `${link.problem} in links.cellular` };
    sims.push(link.value);
  }
  return { ok: true, value: sims };
}

const NO_OBJECT = "it is not an object";

type Fields = Readonly<Record<string, unknown>>;

/** Both spellings of the same setting: `datathreshold` stands in the API blueprint, `data_threshold` in devices/get. */
function readLinkOf(link: unknown, device: Fields | undefined, now: number): Reading<Sim> {
  if (!isRecord(link)) return { ok: false, problem: NO_OBJECT };
  const [linkId, iccid] = [asId(link.id), asIccid(link.sim)];
  if (linkId === undefined || iccid === undefined) {
    const missing = [...(linkId === undefined ? ["id"] : []), ...(iccid === undefined ? ["sim"] : [])];
    const deviceId = asId(link.deviceid) ?? asId(device?.id);
    return { ok: false, problem: `no usable ${missing.join(", ")}`, iccid, deviceId };
  }
  const state = asText(link.state) ?? "UNKNOWN";
  const sim: Known = { iccid, linkId, state, testMode: isTest(link, device, state, now) };
  const plan = isRecord(link.plan) ? link.plan : undefined;
  set(sim, "eid", asDigits(link.eid));
  set(sim, "deviceId", asId(link.deviceid) ?? asId(device?.id));
  set(sim, "simCardId", asText(link.simcardid) ?? asText(device?.simcardid));
  set(sim, "orgId", asId(link.orgid) ?? asId(device?.orgid));
  set(sim, "plan", asId(plan?.id) ?? asId(link.dataplansubscriptionid));
  set(sim, "zone", asText(plan?.zone) ?? asText(link.zone));
  set(sim, "claimedAtMs", timeOf(link.whenclaimed));
  set(sim, "overageLimit", asNumber(link.overagelimit));
  set(sim, "threshold", asNumber(link.data_threshold) ?? asNumber(link.datathreshold));
  set(sim, "smsLimit", asNumber(link.smslimit));
  set(sim, "deviceName", asText(link.devicename) ?? asText(device?.name));
  set(sim, "tagIds", tagIdsOf(Array.isArray(link.tags) ? link.tags : device?.tags));
  return { ok: true, value: sim };
}

type Known = { -readonly [K in keyof Sim]: Sim[K] };

/** A field is left out where its value is not known. */
function set<K extends keyof Known>(sim: Known, name: K, value: Known[K] | undefined): void {
  if (value !== undefined) sim[name] = value;
}

function timeOf(value: unknown): number | undefined {
  const stamp = asStamp(value);
  return stamp?.set === true ? stamp.at : undefined;
}

function isTest(link: Fields, device: Fields | undefined, state: string, now: number): boolean {
  if (/TEST|PREFLIGHT/i.test(state)) return true;
  const started = asStamp(link.preflight_starttime) ?? asStamp(device?.preflight_starttime);
  if (started?.set !== true) return false;
  const ends = asStamp(link.preflight_scheduled_endtime) ?? asStamp(device?.preflight_scheduled_endtime);
  return isUnderWay(started, ends, now) && asStamp(link.whenclaimed)?.set === false;
}

function isUnderWay(started: Stamp | undefined, ends: Stamp | undefined, now: number): boolean {
  return started?.set === true && !(ends?.set === true && ends.at <= now);
}

/** Some editions list tags by name alone; then the ids are not known. */
function tagIdsOf(tags: unknown): readonly number[] | undefined {
  if (!Array.isArray(tags)) return undefined;
  const ids: number[] = [];
  for (const each of tags) {
    const id = isRecord(each) ? asId(each.id) : undefined;
    if (id === undefined) return undefined;
    ids.push(id);
  }
  return ids;
}
