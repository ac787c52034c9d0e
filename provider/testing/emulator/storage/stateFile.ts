/** The form of the state file. It is checked on the way in, for people may write one by hand. */
import { z } from "zod";
import { behaviourForm, faultRuleForm } from "../faults/faultForms";

const count = z.number().int();
const role = z.enum(["admin", "manager", "editor", "viewer"]);
const prices = z.record(z.string(), z.string());

/** One letter a field: there may be a million of them. */
const sim = z.object({
  /** Link id. */
  l: count,
  /** State. */
  s: z.string(),
  /** Organization. */
  o: count,
  /** Device id. */
  d: count.optional(),
  /** Plan. */
  p: count.optional(),
  /** Zone. */
  z: z.string().optional(),
  /** Overage limit. */
  v: count,
  /** Threshold. */
  t: count,
  /** SMS limit. */
  m: count,
  /** Name of the device. */
  n: z.string().optional(),
  /** Claimed at. */
  c: z.number().optional(),
  /** Created at. */
  w: z.number().optional(),
  /** In Test Mode since. */
  f: z.number().optional(),
  /** Request that claimed it first. */
  r: count.optional(),
  /** Pending state. */
  g: z.object({ settled: z.string(), readsLeft: z.number(), due: z.number().exactOptional() }).optional(),
  /** Tunnelable, where it is not. */
  u: z.boolean().optional(),
  /** State of the profile, where it is not enabled. */
  q: z.enum(["DOWNLOADED", "ENABLED", "DISABLED"]).optional(),
  /** ICCID, where it is no longer the one on the card. */
  i: z.string().optional(),
  /** History. */
  h: z.array(z.object({ at: z.number(), from: z.string(), to: z.string(), reason: z.string() })).optional(),
});

export type StoredSim = z.output<typeof sim>;

const pack = z
  .object({
    first: z.string(),
    count,
    step: count,
    orgId: count,
    listed: z.boolean(),
    firstEid: z.string().optional(),
    firstDeviceId: count.optional(),
    linkId: count.optional(),
    simCardId: count.optional(),
    /** Link id of the SIM whose further profile this is. */
    profileOf: count.optional(),
  })
  .transform(({ firstEid, firstDeviceId, linkId, simCardId, profileOf, ...rest }) => ({
    ...rest,
    firstEid,
    firstDeviceId,
    linkId,
    simCardId,
    profileOf,
  }));

export type StoredPack = z.output<typeof pack>;

const act = z.object({ iccid: z.string(), request: count });

export const stateFile = z.object({
  version: z.literal(1),
  behaviour: behaviourForm,
  organizations: z.array(
    z.object({
      id: count,
      name: z.string(),
      balance: z.string(),
      personal: z.boolean().default(false),
      testModeDays: z.number().default(365),
    }),
  ),
  keys: z.array(z.object({ key: z.string(), role, orgIds: z.array(count) })),
  plans: z.array(
    z.object({
      id: count,
      name: z.string(),
      data: z.number().exactOptional(),
      billingPeriod: z.number().exactOptional(),
      enabled: z.boolean().exactOptional(),
      zones: prices,
      tiers: z.record(z.string(), prices).exactOptional(),
      orgIds: z.array(count).exactOptional(),
    }),
  ),
  packs: z.array(pack),
  sims: z.array(sim),
  tags: z.array(z.object({ id: count, orgId: count, name: z.string(), deviceIds: z.array(count) })),
  ledger: z.array(
    z.object({
      iccid: z.string(),
      linkId: count,
      orgId: count,
      plan: count,
      zone: z.string(),
      amount: z.string(),
      kind: z.enum(["activation", "planchange"]),
      by: z.enum(["claim", "hand"]),
      at: z.number(),
      request: count,
    }),
  ),
  // Older files have `orders`: their lines are made from the ledger now.
  refills: z
    .array(z.object({ orgId: count, at: z.number(), amount: z.string(), charges: count }))
    .default([]),
  jobs: z.array(z.object({ id: count, orgId: count, action: z.string(), at: z.number(), devices: count })),
  judge: z.object({
    doubleClaims: z.array(z.tuple([z.string(), z.array(count)])),
    deactivations: z.array(act),
    pauses: z.array(act),
    requestsAboveLimit: z.array(count),
    concurrentClaims: z.array(z.object({ orgId: count, requests: z.array(count) })),
    maxSimsInOneClaim: count,
  }),
  requestCount: count,
  lastTagId: count,
  faults: z.array(z.object({ rule: faultRuleForm, matched: count, played: count })),
});
