/** The forms of what an account begins with, for account files and for the control interface. */
import { z } from "zod";
import { behaviourForm, faultRuleForm } from "../faults/faultForms";

const id = z.int().min(1);
const iccid = z.string().regex(/^\d{18,22}$/, "An ICCID is text of 18 to 22 digits");
const dollars = z.string().regex(/^\d+(\.\d+)?$/, 'Dollars are decimal text, for instance "0.60"');
const zones = z.record(z.string().min(1), dollars).refine((prices) => Object.keys(prices).length > 0, {
  error: "A plan has at least one zone",
});

/** Of one pack: a mistyped number would take all memory. */
const MOST_CARDS = 10_000_000;

export const organizationForm = z.strictObject({
  id: id.exactOptional(),
  name: z.string().exactOptional(),
  balance: dollars.exactOptional(),
  personal: z.boolean().exactOptional(),
  testModeDays: z.int().min(0).exactOptional(),
});

export const keyForm = z.strictObject({
  key: z.string().min(1),
  role: z.enum(["admin", "manager", "editor", "viewer"]),
  orgIds: z.array(id).min(1),
});

export const planForm = z.strictObject({
  id,
  name: z.string(),
  data: z.int().min(0).exactOptional(),
  billingPeriod: z.int().min(1).exactOptional(),
  enabled: z.boolean().exactOptional(),
  zones,
  tiers: z.record(z.string(), zones).exactOptional(),
  orgIds: z.array(id).exactOptional(),
});

export const packForm = z.strictObject({
  first: iccid,
  count: z.int().min(1).max(MOST_CARDS),
  step: z.int().min(1).exactOptional(),
  orgId: id.exactOptional(),
  listed: z.boolean().exactOptional(),
  state: z.string().min(1).exactOptional(),
  linkId: id.exactOptional(),
  simCardId: id.exactOptional(),
  deviceId: id.exactOptional(),
  eids: z
    .string()
    .regex(/^\d{1,32}$/, "An EID is text of up to 32 digits")
    .exactOptional(),
  plan: id.exactOptional(),
  zone: z.string().exactOptional(),
});

/** An account file as it is written. Whether what it names is there is another question. */
export const accountFileForm = z.strictObject({
  organizations: z.array(organizationForm).min(1).exactOptional(),
  keys: z.array(keyForm).min(1).exactOptional(),
  plans: z.array(planForm).min(1).exactOptional(),
  packs: z.array(packForm).exactOptional(),
  behaviour: behaviourForm.strict().exactOptional(),
  faults: z.array(faultRuleForm.strict()).exactOptional(),
});
