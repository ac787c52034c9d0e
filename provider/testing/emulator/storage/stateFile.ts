/** The form of the state file. It is checked on the way in, for people may write one by hand. */
import { z } from "zod";

const count = z.number().int();
const role = z.enum(["admin", "manager", "editor", "viewer"]);
const prices = z.record(z.string(), z.string());

/** Any of the switches. */
export const behaviourForm = z
  .object({
    edition: z.enum(["E1", "E2", "E3", "blueprint"]),
    lists: z.enum(["array", "keyed"]),
    ids: z.enum(["number", "string"]),
    failureStatus: z.union([z.literal(200), z.literal(400)]),
    errorField: z.enum(["error", "errors"]),
    rateLimitBody: z.enum(["json", "text"]),
    linksEndpoint: z.boolean(),
    balanceWords: z.string(),
    balanceStatus: count,
    alreadyActive: z.enum(["refuse", "charge"]),
    partialClaims: z.enum(["allOrNothing", "rest"]),
    previewAnswer: z.enum(["names", "namesRest", "costOnly", "ignored", "echoesIds"]),
    limit: count,
    preflight: z.enum(["E1", "E3"]),
    settleReads: z.number(),
    settleMilliseconds: z.number(),
    planChangeCost: z.string(),
    claimOrgId: z.enum(["heeded", "ignored"]),
    changeAnswers: z.enum(["lists", "bare"]),
    tagLists: z.enum(["tags", "array"]),
    deviceTags: z.enum(["objects", "names"]),
    unclaimedDeviceId: z.enum(["absent", "zero"]),
    zoneSpelling: z.enum(["plan", "capitalised", "number"]),
    lastPage: z.enum(["says", "silent"]),
    activityHistory: z.boolean(),
  })
  .partial();

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
  /** ICCID, where it is no longer the one on the card. */
  i: z.string().optional(),
  /** History. */
  h: z.array(z.object({ at: z.number(), from: z.string(), to: z.string(), reason: z.string() })).optional(),
});

export type StoredSim = z.output<typeof sim>;

const fault = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("refuse"), iccids: z.array(z.string()), reason: z.string() }),
  z.object({
    kind: z.literal("status"),
    status: count,
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).exactOptional(),
    commit: z.boolean().exactOptional(),
  }),
  z.object({ kind: z.literal("rateLimit"), retryAfter: z.number().exactOptional() }),
  z.object({ kind: z.literal("delay"), milliseconds: z.number() }),
  z.object({ kind: z.literal("drop"), commit: z.boolean() }),
  z.object({ kind: z.literal("halfBody"), commit: z.literal(true) }),
  z.object({ kind: z.literal("html"), status: count, commit: z.boolean() }),
  z.object({ kind: z.literal("empty"), commit: z.boolean() }),
  z.object({ kind: z.literal("wrongCount"), drop: count }),
  z.object({ kind: z.literal("extraSims"), iccids: z.array(z.string()) }),
  z.object({ kind: z.literal("lateCommit"), milliseconds: z.number(), hang: z.boolean().exactOptional() }),
  z.object({ kind: z.literal("hold"), commit: z.boolean().exactOptional() }),
  z.object({ kind: z.literal("unknownState"), state: z.string() }),
]);

export const faultRuleForm = z.object({
  method: z.string().exactOptional(),
  path: z
    .union([
      z.string(),
      z
        .object({ expression: z.string(), flags: z.string() })
        .transform(({ expression, flags }) => new RegExp(expression, flags)),
    ])
    .exactOptional(),
  preview: z.boolean().exactOptional(),
  nth: z.union([count, z.object({ from: count, to: count.exactOptional() })]).exactOptional(),
  probability: z.number().exactOptional(),
  fault,
});

const act = z.object({ iccid: z.string(), request: count });

export const stateFile = z.object({
  version: z.literal(1),
  behaviour: behaviourForm,
  organizations: z.array(z.object({ id: count, name: z.string(), balance: z.string() })),
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
  packs: z.array(
    z.object({
      first: z.string(),
      count,
      step: count,
      orgId: count,
      listed: z.boolean(),
      firstEid: z
        .string()
        .optional()
        .transform((eid) => eid),
    }),
  ),
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
  orders: z.array(
    z.object({
      id: count,
      orgId: count,
      at: z.number(),
      description: z.string(),
      amount: z.string(),
      type: z.enum(["PLAN", "PCH"]),
      linkIds: z.array(count),
    }),
  ),
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
