/** The forms of behaviour and faults, for state files and for the control interface. */
import { z } from "zod";

const count = z.number().int();

/** Any of the switches. */
export const behaviourForm = z.object({
  edition: z.enum(["E1", "E2", "E3", "blueprint"]).exactOptional(),
  lists: z.enum(["array", "keyed"]).exactOptional(),
  ids: z.enum(["number", "string"]).exactOptional(),
  failureStatus: z.union([z.literal(200), z.literal(400)]).exactOptional(),
  errorField: z.enum(["error", "errors"]).exactOptional(),
  rateLimitBody: z.enum(["json", "text"]).exactOptional(),
  linksEndpoint: z.boolean().exactOptional(),
  balanceWords: z.string().exactOptional(),
  balanceStatus: count.exactOptional(),
  alreadyActive: z.enum(["refuse", "charge"]).exactOptional(),
  partialClaims: z.enum(["allOrNothing", "rest"]).exactOptional(),
  previewAnswer: z.enum(["names", "namesRest", "costOnly", "ignored", "echoesIds"]).exactOptional(),
  limit: count.exactOptional(),
  preflight: z.enum(["E1", "E3"]).exactOptional(),
  settleReads: z.number().exactOptional(),
  settleMilliseconds: z.number().exactOptional(),
  planChangeCost: z.string().exactOptional(),
  claimOrgId: z.enum(["heeded", "ignored"]).exactOptional(),
  changeAnswers: z.enum(["lists", "bare"]).exactOptional(),
  tagLists: z.enum(["tags", "array"]).exactOptional(),
  deviceTags: z.enum(["objects", "names"]).exactOptional(),
  unclaimedDeviceId: z.enum(["absent", "zero"]).exactOptional(),
  zoneSpelling: z.enum(["plan", "capitalised", "number"]).exactOptional(),
  zoneMatching: z.enum(["caseless", "exact"]).exactOptional(),
  unknownFields: z.enum(["refuse", "ignore"]).exactOptional(),
  apikeyQuery: z.boolean().exactOptional(),
  devicesWithoutOrgId: z.enum(["all", "none"]).exactOptional(),
  laggingReads: count.exactOptional(),
  lastPage: z.enum(["says", "silent"]).exactOptional(),
  activityHistory: z.boolean().exactOptional(),
});

const fault = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("refuse"),
    iccids: z.array(z.string()),
    reason: z.string(),
    rest: z.enum(["claimed", "left"]).exactOptional(),
    status: z.union([z.literal(200), z.literal(400)]).exactOptional(),
  }),
  z.object({ kind: z.literal("otherOrganization"), orgId: count }),
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
