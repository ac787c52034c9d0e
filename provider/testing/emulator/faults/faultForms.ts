/** The forms of behaviour and faults, for state files and for the control interface. */
import { z } from "zod";

const count = z.number().int().min(0);
const milliseconds = z.number().min(0);
const status = z.number().int().min(200).max(599);
const dollars = z.string().regex(/^\d+(\.\d+)?$/, 'Dollars are decimal text, for instance "0.60"');
/** A name or a value that HTTP does not allow would fail while it answers. */
const headers = z.record(z.string().regex(/^[\w-]+$/), z.string().regex(/^[\t\x20-\x7e]*$/));

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
  balanceStatus: status.exactOptional(),
  alreadyActive: z.enum(["refuse", "charge"]).exactOptional(),
  partialClaims: z.enum(["allOrNothing", "rest"]).exactOptional(),
  previewAnswer: z.enum(["names", "namesRest", "costOnly", "ignored", "echoesIds"]).exactOptional(),
  limit: z.number().int().min(1).exactOptional(),
  preflight: z.enum(["E1", "E3"]).exactOptional(),
  settleReads: count.exactOptional(),
  settleMilliseconds: milliseconds.exactOptional(),
  planChangeCost: dollars.exactOptional(),
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
  z.strictObject({
    kind: z.literal("refuse"),
    iccids: z.array(z.string()),
    reason: z.string(),
    rest: z.enum(["claimed", "left"]).exactOptional(),
    status: z.union([z.literal(200), z.literal(400)]).exactOptional(),
  }),
  z.strictObject({ kind: z.literal("otherOrganization"), orgId: count }),
  z.strictObject({
    kind: z.literal("status"),
    status,
    body: z.unknown().optional(),
    headers: headers.exactOptional(),
    commit: z.boolean().exactOptional(),
  }),
  z.strictObject({ kind: z.literal("rateLimit"), retryAfter: z.number().min(0).exactOptional() }),
  z.strictObject({ kind: z.literal("delay"), milliseconds }),
  z.strictObject({ kind: z.literal("drop"), commit: z.boolean() }),
  z.strictObject({ kind: z.literal("halfBody"), commit: z.literal(true) }),
  z.strictObject({ kind: z.literal("html"), status, commit: z.boolean() }),
  z.strictObject({ kind: z.literal("empty"), commit: z.boolean() }),
  z.strictObject({ kind: z.literal("wrongCount"), drop: count }),
  z.strictObject({ kind: z.literal("extraSims"), iccids: z.array(z.string()) }),
  z.strictObject({ kind: z.literal("lateCommit"), milliseconds, hang: z.boolean().exactOptional() }),
  z.strictObject({ kind: z.literal("hold"), commit: z.boolean().exactOptional() }),
  z.strictObject({ kind: z.literal("unknownState"), state: z.string() }),
]);

const nth = z.number().int().min(1);
const nths = z
  .strictObject({ from: nth, to: nth.exactOptional() })
  .refine(({ from, to = from }) => from <= to, { error: "from is not above to" });

export const faultRuleForm = z.object({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).exactOptional(),
  path: z
    .union([
      z.string(),
      z
        .strictObject({ expression: z.string(), flags: z.string() })
        .transform(({ expression, flags }) => new RegExp(expression, flags)),
    ])
    .exactOptional(),
  preview: z.boolean().exactOptional(),
  nth: z.union([nth, nths]).exactOptional(),
  probability: z.number().min(0).max(1).exactOptional(),
  fault,
});
