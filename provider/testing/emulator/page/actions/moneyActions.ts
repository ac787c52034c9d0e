/** Prices, balances, organizations and packs. */

import type { Action } from "../pageHost";
import { counted, money } from "../views/words";
import type { Form } from "./form";

export const setPrice: Action = ({ emulator }, form) => {
  const plan = form.requiredInteger("plan", "The plan");
  const zone = form.required("zone", "The zone");
  const amount = dollarsOf(form, "amount", "The price");
  emulator.dashboard.setPrice(plan, zone, amount);
  return `Plan ${plan} costs ${money(amount)} a month in zone ${zone} from now on.`;
};

export const setBalance: Action = ({ emulator }, form) => {
  const orgId = form.requiredInteger("org", "The organization");
  const balance = dollarsOf(form, "balance", "The balance");
  emulator.dashboard.setBalance(orgId, balance);
  return `The balance of organization ${orgId} is ${money(balance)}.`;
};

export const addOrganization: Action = ({ emulator }, form) => {
  const name = form.required("name", "The name");
  const id = emulator.addOrganization({ name });
  if (!form.has("seen")) return `Organization ${id} was added. No key sees it.`;
  const admins = emulator.keys().filter(({ role }) => role === "admin");
  for (const key of admins) emulator.addKey({ ...key, orgIds: [...key.orgIds, id] });
  return `Organization ${id} was added, and ${counted(admins.length, "key sees", "keys see")} it.`;
};

const PACK_LIMIT = 1_000_000;

export const addPack: Action = ({ emulator }, form) => {
  const first = form.required("first", "The ICCID of the first card").replaceAll(/\s/g, "");
  const count = form.requiredInteger("count", "The number of SIMs");
  if (count > PACK_LIMIT) throw new Error(`A pack holds at most ${counted(PACK_LIMIT, "SIM")} here.`);
  const eids = form.text("eid");
  if (eids !== undefined && !/^\d{32}$/.test(eids)) throw new Error(`An EID has 32 digits: ${eids}`);
  const iccids = emulator.dashboard.addPack({
    first,
    count,
    step: form.requiredInteger("step", "The distance of ICCIDs"),
    orgId: form.requiredInteger("org", "The organization"),
    listed: form.has("listed"),
    ...(eids === undefined ? {} : { eids }),
  });
  return `A pack of ${counted(iccids.length, "SIM")} was added, from ${iccids[0]} to ${iccids.at(-1)}.`;
};

/** Decimal text in US dollars; a dollar sign and commas between thousands are taken too. */
function dollarsOf(form: Form, name: string, label: string): string {
  const text = form.required(name, label).replace(/^\$/, "").replaceAll(",", "");
  if (!/^\d{1,12}(\.\d{1,6})?$/.test(text)) throw new Error(`${label}: ${text} is no amount of US dollars.`);
  return text;
}
