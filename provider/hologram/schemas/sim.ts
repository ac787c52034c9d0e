import { z } from "zod";
import type { Sim } from "../model";
import {
  digits,
  fieldsMissing,
  id,
  list,
  number,
  requiredDigits,
  requiredId,
  type Stamp,
  stamp,
  text,
} from "./values";

/** Read, or what could not be read. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

// Both spellings of the same setting: `datathreshold` stands in the API blueprint, `data_threshold` in devices/get.
const linkSchema = z.object({
  id: requiredId,
  sim: requiredDigits,
  eid: digits,
  deviceid: id,
  simcardid: text,
  orgid: id,
  devicename: text,
  state: text,
  dataplansubscriptionid: id,
  plan: z.object({ id, zone: text }).optional().catch(undefined),
  zone: text,
  overagelimit: number,
  datathreshold: number,
  data_threshold: number,
  smslimit: number,
  whenclaimed: stamp,
  preflight_starttime: stamp,
  preflight_scheduled_endtime: stamp,
  tags: z.array(z.unknown()).optional().catch(undefined),
});

const deviceSchema = z.object({
  id: requiredId,
  orgid: id,
  name: text,
  simcardid: text,
  preflight_starttime: stamp,
  preflight_scheduled_endtime: stamp,
  tags: z.array(z.unknown()).optional().catch(undefined),
  links: z.object({ cellular: list }).optional().catch(undefined),
});

const tagSchema = z.object({ id: requiredId });

type Link = z.infer<typeof linkSchema>;
type Device = z.infer<typeof deviceSchema>;

/** One item of `GET /links/cellular`. `now` is for Test Mode, which ends by itself. */
export function readLink(item: unknown, now: number): Reading<Sim> {
  const link = linkSchema.safeParse(item);
  if (!link.success) return { ok: false, problem: fieldsMissing(link.error) };
  return { ok: true, value: simOf(link.data, undefined, now) };
}

/** One item of `GET /devices`: a SIM for each of its links. */
export function readDevice(item: unknown, now: number): Reading<readonly Sim[]> {
  const device = deviceSchema.safeParse(item);
  if (!device.success) return { ok: false, problem: fieldsMissing(device.error) };
  const sims: Sim[] = [];
  for (const each of device.data.links?.cellular ?? []) {
    const link = linkSchema.safeParse(each);
    if (!link.success) return { ok: false, problem: `${fieldsMissing(link.error)} in links.cellular` };
    sims.push(simOf(link.data, device.data, now));
  }
  return { ok: true, value: sims };
}

function simOf(link: Link, device: Device | undefined, now: number): Sim {
  const started = link.preflight_starttime ?? device?.preflight_starttime;
  const ends = link.preflight_scheduled_endtime ?? device?.preflight_scheduled_endtime;
  const state = link.state ?? "UNKNOWN";
  return {
    iccid: link.sim,
    linkId: link.id,
    state,
    testMode:
      /TEST|PREFLIGHT/i.test(state) || (isUnderWay(started, ends, now) && link.whenclaimed?.set === false),
    ...known("eid", link.eid),
    ...known("deviceId", link.deviceid ?? device?.id),
    ...known("simCardId", link.simcardid ?? device?.simcardid),
    ...known("orgId", link.orgid ?? device?.orgid),
    ...known("plan", link.plan?.id ?? link.dataplansubscriptionid),
    ...known("zone", link.plan?.zone ?? link.zone),
    ...known("overageLimit", link.overagelimit),
    ...known("threshold", link.data_threshold ?? link.datathreshold),
    ...known("smsLimit", link.smslimit),
    ...known("deviceName", link.devicename ?? device?.name),
    ...known("tagIds", tagIdsOf(link.tags ?? device?.tags)),
  };
}

function isUnderWay(started: Stamp | undefined, ends: Stamp | undefined, now: number): boolean {
  return started?.set === true && !(ends?.set === true && ends.at <= now);
}

/** Some editions list tags by name alone; then the ids are not known. */
function tagIdsOf(tags: readonly unknown[] | undefined): readonly number[] | undefined {
  const ids: number[] = [];
  for (const each of tags ?? []) {
    const tag = tagSchema.safeParse(each);
    if (!tag.success) return undefined;
    ids.push(tag.data.id);
  }
  return tags === undefined ? undefined : ids;
}

/** A field that is left out where its value is not known. */
function known<K extends keyof Sim>(name: K, value: Sim[K] | undefined): Partial<Sim> {
  return value === undefined ? {} : { [name]: value };
}
