import { isRecord, itemsOf } from "../../hologram/envelope";

/**
 * The forms of answers that Hologram documents, or that clients in use rely on, and the fields of each: docs.hologram.io,
 * the API blueprint (hologram-io/rest-api-docs, apiary.apib), and the published client wiliot-hologram-api.
 */
interface AnswerForm {
  /** As people read it: where it is documented, and what tells it apart. */
  readonly name: string;
  fits(data: unknown): boolean;
}

/** Names of fields; `*` is any name. `true` is not looked into. */
interface FieldNames {
  readonly [name: string]: true | FieldNames;
}

interface Endpoint {
  /** Most special first. */
  readonly forms: readonly AnswerForm[];
  readonly fields: FieldNames;
}

export type EndpointName = keyof typeof endpoints;

/** The documented form of an answer; undefined where it has none. */
export function formOf(endpoint: EndpointName, data: unknown): string | undefined {
  return endpoints[endpoint].forms.find(({ fits }) => fits(data))?.name;
}

/** Paths of the fields that are documented nowhere, each once: `tiers.*.zones.*.currency`. */
export function unknownFields(endpoint: EndpointName, body: unknown): string[] {
  const found = new Set<string>();
  collect(body, { ...ENVELOPE, data: endpoints[endpoint].fields }, "", found);
  return [...found].map((path) => path.replace(/^data\./, ""));
}

function text(...names: readonly string[]): FieldNames {
  return Object.fromEntries(names.map((name) => [name, true]));
}

const PRICES = text("amount", "sms", "overage", "carriers");
const ZONES = { "*": PRICES };
const TAG = text("id", "name", "deviceids", "orgid");
const LINK: FieldNames = {
  ...text("id", "deviceid", "orgid", "simcardid", "devicename", "sim", "eid", "imsi", "msisdn", "state"),
  ...text(
    "dataplansubscriptionid",
    "zone",
    "carrier",
    "carrierid",
    "whenclaimed",
    "whenexpires",
    "whencreated",
  ),
  ...text(
    "overagelimit",
    "datathreshold",
    "data_threshold",
    "smslimit",
    "tunnelable",
    "mfa_available",
    "apn",
  ),
  ...text("euicc_type", "euicc_state", "profile_state", "profile_type", "async_change_requests"),
  ...text("preflight_starttime", "preflight_scheduled_endtime", "pin", "puk", "priv_ip_address"),
  plan: text("id", "zone", "name", "data"),
  tags: TAG,
};
const DEVICE: FieldNames = {
  ...text(
    "id",
    "orgid",
    "name",
    "type",
    "whencreated",
    "simcardid",
    "phonenumber",
    "tunnelable",
    "imei",
    "is_hyper",
  ),
  ...text("preflight_starttime", "preflight_scheduled_endtime", "async_change_requests", "lastsession"),
  ...text("intended_network_state", "intended_plan_id", "manufacturer", "model", "hidden", "imei_sv"),
  tags: TAG,
  links: { cellular: LINK },
};
const ORDER = text(
  ...["preview", "sku", "unit_cost", "total_cost", "quantity", "description", "extra_description"],
  ...["transaction_type_id", "needs_shipping", "shipping_cost", "sales_tax", "linkids"],
);
const ENVELOPE: FieldNames = {
  ...text("success", "error", "errors", "limit", "size", "continues", "lastid", "links"),
  order_data: ORDER,
};

const endpoints = {
  organizations: {
    forms: lists("docs.hologram.io, organizations/get"),
    fields: text(
      "id",
      "name",
      "is_personal",
      "ownerid",
      "preflight_timeout_in_days",
      "users",
      "pending",
      "ccemails",
    ),
  },
  plans: {
    forms: [
      form("docs.hologram.io, plans/get: zones of each tier", (data) =>
        all(data, ({ tiers }) => isRecord(tiers)),
      ),
      form("API blueprint: zones at the plan", (data) => all(data, ({ zones }) => isRecord(zones))),
    ],
    fields: {
      ...text("id", "name", "description", "data", "billingperiod", "enabled", "recurring", "developerplan"),
      ...text("groupid", "partnerid", "cellular_coverage_region_id", "display_category", "profiles"),
      ...text("current_tier", "amountGlobal", "use_variable_rates", "is_dynamic_pool"),
      tiers: { "*": { devicecount: true, zones: ZONES } },
      zones: ZONES,
    },
  },
  balance: {
    forms: [
      form("docs.hologram.io, balance/get: has_postpay", (data) => isRecord(data) && "has_postpay" in data),
      form("docs.hologram.io, balance/get, older", (data) => isRecord(data) && "balance" in data),
    ],
    fields: text(
      ...["orgid", "userid", "balance", "minbalance", "promobalance", "topoffamount", "pendingcharges"],
      "has_postpay",
    ),
  },
  links: {
    forms: [
      form("API blueprint, Cellular Link: dataplansubscriptionid", (data) =>
        all(data, (link) => !("plan" in link) && "sim" in link),
      ),
      form("docs.hologram.io, a link with its plan", (data) => all(data, (link) => "sim" in link)),
    ],
    fields: LINK,
  },
  devices: {
    forms: [
      form("docs.hologram.io, devices/get: tags by name", (data) =>
        some(data, ({ tags }) => Array.isArray(tags) && tags.some((tag) => typeof tag === "string")),
      ),
      form("docs.hologram.io, devices/get", (data) => all(data, ({ links }) => isRecord(links))),
    ],
    fields: DEVICE,
  },
  tags: {
    forms: [
      form("docs.hologram.io, devices/tags: under data.tags", (data) => isRecord(data) && isList(data.tags)),
      ...lists("API blueprint, tags"),
    ],
    fields: { ...TAG, tags: TAG },
  },
  preview: {
    forms: [
      form("SIMs by ICCID", (data) => Array.isArray(data)),
      form("Hologram's Python SDK: messages by ICCID", (data) => isRecord(data)),
      form("Hologram's Python SDK: order data alone", (data) => data === undefined),
    ],
    fields: { ...text("sim", "simcardid", "device", "Devices", "link"), "*": true },
  },
} as const satisfies Readonly<Record<string, Endpoint>>;

function form(name: string, fits: (data: unknown) => boolean): AnswerForm {
  return { name, fits };
}

/** An array, or an object keyed by id, which a client in use has met. */
function lists(name: string): readonly AnswerForm[] {
  return [
    form(name, Array.isArray),
    form(
      `${name}, keyed by id`,
      (data) => isRecord(data) && Object.keys(data).every((key) => /^\d+$/.test(key)),
    ),
  ];
}

function isList(data: unknown): boolean {
  return itemsOf(data) !== undefined;
}

function all(data: unknown, test: (item: Readonly<Record<string, unknown>>) => boolean): boolean {
  return itemsOf(data)?.every((item) => isRecord(item) && test(item)) ?? false;
}

function some(data: unknown, test: (item: Readonly<Record<string, unknown>>) => boolean): boolean {
  return itemsOf(data)?.some((item) => isRecord(item) && test(item)) ?? false;
}

/** Items of lists stand for themselves, also where the list is an object keyed by id. */
function collect(value: unknown, names: true | FieldNames, path: string, found: Set<string>): void {
  if (names === true) return;
  if (Array.isArray(value)) {
    for (const each of value) collect(each, names, path, found);
    return;
  }
  if (!isRecord(value)) return;
  for (const [key, each] of Object.entries(value)) {
    const known = Object.hasOwn(names, key) ? names[key] : names["*"];
    const place = path === "" ? key : `${path}.${key}`;
    if (known !== undefined) collect(each, known, Object.hasOwn(names, key) ? place : `${path}.*`, found);
    else if (/^\d+$/.test(key)) collect(each, names, path, found);
    else found.add(place);
  }
}
