/** How answers are spelled: the same account, in the words of each documented edition. */

import { inTestMode, isActive } from "../account/activation";
import type { Account } from "../account/emulatedAccount";
import type { SimRow } from "../account/pack";
import type { PlanSetup, ZonePrices } from "../accountSetup";
import type { Answer } from "./http";

type Json = Record<string, unknown>;

/** An id as a number or as text. */
export function id(account: Account, value: number): number | string {
  return account.behaviour.ids === "string" ? String(value) : value;
}

export function failure(
  account: Account,
  status: number,
  message: string,
  failures?: ReadonlyMap<string, string>,
): Answer {
  if (failures !== undefined) {
    return { status, body: { success: false, data: Object.fromEntries(failures) } };
  }
  return { status, body: { success: false, [account.behaviour.errorField]: message } };
}

/** One item of a claim's answer. */
export function claimedItem(account: Account, row: SimRow, deviceId: number): Json {
  const { edition } = account.behaviour;
  const device = { [edition === "E1" ? "Devices" : "device"]: id(account, deviceId) };
  const item = { ...device, link: id(account, row.linkId), sim: row.iccid };
  if (edition === "E2") return { simcardid: id(account, row.simCardId), ...item };
  return edition === "E3" ? { simcardid: String(row.simCardId), ...item } : item;
}

/** `order_data` of a claim: `{}` in the edition that has none. */
export function claimOrder(account: Account, quantity: number, total: number, preview: boolean): Json {
  const taxes = { sales_tax: 0, shipping_cost: 0 };
  switch (account.behaviour.edition) {
    case "E1":
      return { order_data: taxes };
    case "E2":
      return { order_data: [taxes] };
    case "E3":
      return {};
    case "blueprint":
      return { order_data: { ...orderLine("PLAN", quantity, total, preview), ...taxes } };
  }
}

/** The full line of an order, as the blueprint of 2016 and the plan change have it. */
export function orderLine(
  sku: "PLAN" | "PLANCHANGE" | "ACCTREFILL",
  quantity: number,
  total: number,
  preview: boolean,
): Json {
  return {
    preview,
    sku,
    unit_cost: quantity === 0 ? 0 : total / quantity,
    total_cost: total,
    quantity,
    description: ORDERS[sku],
    extra_description: "",
    ...(sku === "PLANCHANGE" ? { transaction_type_id: "PCH" } : {}),
    needs_shipping: false,
    ...(sku === "ACCTREFILL" ? { shipping_cost: 0 } : {}),
  };
}

const ORDERS = {
  PLAN: "Device activation",
  PLANCHANGE: "Plan change",
  ACCTREFILL: "Refill Account Balance",
};

/** One item of `GET /links/cellular`. */
export function link(account: Account, row: SimRow): Json {
  const { unclaimedDeviceId } = account.behaviour;
  const device =
    row.deviceId !== undefined
      ? { deviceid: id(account, row.deviceId), devicename: row.name ?? null }
      : unclaimedDeviceId === "zero"
        ? { deviceid: id(account, 0) }
        : {};
  return {
    id: id(account, row.linkId),
    ...device,
    simcardid: id(account, row.simCardId),
    orgid: row.orgId,
    sim: row.iccid,
    ...(row.plan === undefined
      ? {}
      : { dataplansubscriptionid: row.plan, zone: zoneName(account, row.zone) }),
    carrier: CARRIER,
    datathreshold: row.threshold,
    whencreated: stamp(row.createdAt),
    tunnelable: row.tunnelable ? 1 : 0,
    apn: "hologram",
    ...common(account, row),
  };
}

/** One item of `GET /devices`: the device, and a link for each profile on it. */
export function device(account: Account, row: SimRow, deviceId: number): Json {
  const tags = account.tagIds(row).map((tagId) => ({ id: tagId, name: account.tags.get(tagId)?.name ?? "" }));
  const { testModeDays } = account.organization(row.orgId);
  const testModeEnd =
    row.testModeSince === undefined ? undefined : row.testModeSince + testModeDays * DAY_MILLISECONDS;
  return {
    id: id(account, deviceId),
    orgid: row.orgId,
    name: row.name ?? null,
    type: DEVICE_TYPE,
    whencreated: stamp(row.createdAt),
    simcardid: id(account, row.simCardId),
    phonenumber: null,
    tunnelable: row.tunnelable ? 1 : 0,
    imei: null,
    tags: account.behaviour.deviceTags === "names" ? tags.map((tag) => tag.name) : tags,
    preflight_starttime: row.testModeSince === undefined ? null : stamp(row.testModeSince),
    preflight_scheduled_endtime: testModeEnd === undefined ? null : stamp(testModeEnd),
    is_hyper: false,
    async_change_requests: [],
    links: {
      cellular: [row, ...(row.profiles ?? [])].map((profile) => deviceLink(account, profile, deviceId)),
    },
  };
}

/** What Hologram's blueprint shows as the type of a device, "for internal use". */
export const DEVICE_TYPE = "Unknown";

/** The carrier that links last connected to. */
export const CARRIER = 2;

export function imsiOf(row: SimRow): number {
  return 234_000_000_000_000 + row.linkId;
}

export function msisdnOf(row: SimRow): string {
  return `9999${row.linkId}`;
}

function deviceLink(account: Account, row: SimRow, deviceId: number): Json {
  const plan = row.plan === undefined ? undefined : account.plans.get(row.plan);
  return {
    id: id(account, row.linkId),
    deviceid: id(account, deviceId),
    simcardid: id(account, row.simCardId),
    sim: row.iccid,
    carrierid: CARRIER,
    data_threshold: row.threshold,
    ...(plan === undefined
      ? {}
      : { plan: { id: plan.id, zone: zoneName(account, row.zone), name: plan.name, data: plan.data ?? 0 } }),
    ...common(account, row),
  };
}

// PIN, PUK and address are values that a test finds again wherever they leak to.
function common(account: Account, row: SimRow): Json {
  const isBootstrap = row.profiles !== undefined;
  return {
    state: account.stateOf(row),
    eid: row.eid ?? null,
    imsi: imsiOf(row),
    msisdn: msisdnOf(row),
    whenclaimed: stamp(inTestMode(row) ? undefined : row.claimedAt),
    whenexpires: stamp(periodEnd(account, row)),
    overagelimit: row.overageLimit,
    smslimit: row.smsLimitShown,
    euicc_type:
      row.eid === undefined && row.profileOf === undefined
        ? "UICC"
        : isBootstrap
          ? "BOOTSTRAP"
          : "OPERATIONAL",
    profile_state: row.profileState,
    pin: `PIN-SECRET-${row.linkId}`,
    puk: `PUK-SECRET-${row.linkId}`,
    priv_ip_address: `IP-SECRET-${row.linkId}`,
  };
}

/** The end of the current billing period of an active SIM; periods begin on the day of its activation (help centre). */
function periodEnd(account: Account, row: SimRow): number | undefined {
  if (row.claimedAt === undefined || !isActive(row)) return undefined;
  const periods = account.plans.get(row.plan ?? 0)?.billingPeriod ?? 1;
  const length = periods * 30 * DAY_MILLISECONDS;
  const elapsed = Math.max(0, account.clock.now() - row.claimedAt);
  return row.claimedAt + (Math.floor(elapsed / length) + 1) * length;
}

/** One item of `GET /plans`. */
export function plan(setup: PlanSetup): Json {
  const tier = (zones: ZonePrices) => ({ devicecount: 0, zones: zonesOf(zones) });
  return {
    id: setup.id,
    name: setup.name,
    description: setup.name,
    data: setup.data ?? 0,
    billingperiod: setup.billingPeriod ?? 1,
    enabled: setup.enabled === false ? 0 : 1,
    recurring: 1,
    developerplan: 0,
    groupid: 1,
    partnerid: 1,
    use_variable_rates: 0,
    is_dynamic_pool: 0,
    amountGlobal: setup.zones.global ?? null,
    current_tier: "BASE",
    zones: zonesOf(setup.zones),
    tiers: Object.fromEntries(tiers(setup).map(([name, zones]) => [name, tier(zones)])),
  };
}

function zonesOf(zones: ZonePrices): Json {
  return Object.fromEntries(
    Object.entries(zones).map(([zone, amount]) => [zone, { ...PRICES, amount, carriers: {} }]),
  );
}

/** Tier name and prices, `BASE` first. */
export function tiers(setup: PlanSetup): [string, ZonePrices][] {
  return [["BASE", setup.zones], ...Object.entries(setup.tiers ?? {})];
}

/** What plans say besides the monthly fee. */
export const PRICES = { sms: "0.190000", overage: "0.400000" };

/** `YYYY-MM-DD HH:MM:SS` in UTC; zeros for never. */
export function stamp(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return "0000-00-00 00:00:00";
  let text = stamps.get(milliseconds);
  if (text === undefined) {
    text = new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
    if (stamps.size >= 1000) stamps.clear();
    stamps.set(milliseconds, text);
  }
  return text;
}

/** SIMs of one claim share their times, and a page has thousands of them. */
const stamps = new Map<number, string>();

const DAY_MILLISECONDS = 24 * 3_600_000;

function zoneName(account: Account, zone = ""): string | number {
  switch (account.behaviour.zoneSpelling) {
    case "plan":
      return zone;
    case "capitalised":
      return `${zone.slice(0, 1).toUpperCase()}${zone.slice(1)}`;
    case "number":
      return 1;
  }
}
