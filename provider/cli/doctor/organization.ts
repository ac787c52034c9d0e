import { nameSome } from "../../fleet/model/fleetErrors";
import { countOfSims, formatDollars, money, toDollars } from "../../fleet/model/money";
import { itemsOf } from "../../hologram/envelope";
import { ApiError, RoleTooLowError, UnreachableError } from "../../hologram/errors";
import { balanceSchema, planSchema } from "../../hologram/schemas/organizationSchemas";
import { readDevice, readLink } from "../../hologram/schemas/sim";
import type { Questions, Reading } from "./ask";
import type { Membership } from "./reach";
import { bad, good, type Verdict, warning } from "./verdict";

/** A few items show the form of a list; the whole may be large. */
const FEW = 5;

/** Asks one organization everything that fleets will ask it, side by side, and tells what that means for them. */
export async function askOrganization(
  questions: Questions,
  { organization: { id: orgid, name }, permissions }: Membership,
  deadlineMs: number,
): Promise<readonly Verdict[]> {
  const get = (path: string, query: Readonly<Record<string, string | number>>, role?: string) =>
    questions.get(path, query, deadlineMs, role);
  const [plans, balance, links, devices] = await Promise.all([
    get("/plans", { orgid, limit: 100 }),
    get(`/organizations/${orgid}/balance`, {}, "the role Admin or higher"),
    get("/links/cellular", { orgid, limit: FEW }),
    get("/devices", { orgid, limit: FEW }),
    // For the form of its answer alone.
    get("/devices/tags", { orgid, limit: FEW }),
  ]);
  const at = name === "" ? `${orgid}` : `${orgid} (${name})`;
  return [
    roleVerdict(at, permissions, { links, devices, balance }),
    plansVerdict(at, plans),
    balanceVerdict(at, balance),
    simsVerdict(at, links, devices),
  ];
}

/**
 * What the key's user is told to be allowed, else what it may read: Hologram shows no key its role (docs.hologram.io,
 * introduction and balance/get).
 */
function roleVerdict(
  at: string,
  permissions: readonly string[] | undefined,
  { links, devices, balance }: Readonly<Record<"links" | "devices" | "balance", Reading>>,
): Verdict {
  const topic = "role";
  if (isForbidden(links) && isForbidden(devices)) {
    return bad(
      topic,
      `in organization ${at} the key may not list SIMs`,
      "Use a key with the role Manager or Admin; Editor is enough for previews",
    );
  }
  if (permissions !== undefined) {
    const may = ["activation", "changeplan", "deactivate", "billing"].filter((each) =>
      permissions.includes(each),
    );
    return permissions.includes("activation")
      ? good(topic, `in organization ${at} the key may: ${may.join(", ")}`)
      : warning(
          topic,
          `in organization ${at} the key may read, and not activate`,
          "Right for pull requests; `pulumi up` takes a key with the role Manager or Admin",
        );
  }
  if (links.kind === "failed" && devices.kind === "failed")
    return warning(topic, `not known in organization ${at}: its SIMs could not be listed`, "Try again later");
  if (balance.kind === "read")
    return good(topic, `Admin or higher in organization ${at}: the key may read the balance`);
  if (isForbidden(balance)) {
    return good(
      topic,
      `Editor or Manager in organization ${at}: the key may list SIMs, and not read the balance`,
      {
        advice: "To activate takes Manager or higher: --sims asks for a preview, which tells",
      },
    );
  }
  return good(topic, `enough to list SIMs in organization ${at}`);
}

function plansVerdict(at: string, reading: Reading): Verdict {
  const topic = "plans";
  if (reading.kind === "failed") return failed(topic, reading);
  const items = itemsOf(reading.envelope.data) ?? [];
  const plans = items.flatMap((item) => {
    const read = planSchema.safeParse(item);
    return read.success ? [read.data] : [];
  });
  if (plans.length === 0)
    return bad(
      topic,
      `organization ${at} has none`,
      "Ask Hologram for a data plan; SIMs are activated on one",
    );
  const details = plans.map(({ id, name, zones, currentTier = "BASE", isOff }) => {
    const prices = zones.map(({ zone, tier, amount }) => {
      const price = amount === undefined ? "no price" : formatDollars(toDollars(money(amount)));
      return `${zone} ${price}${tier === undefined || tier === currentTier ? "" : ` (${tier})`}`;
    });
    return `${id} ${name}: ${prices.join(", ") || "no zone"}${isOff ? "; switched off" : ""}`;
  });
  const text = `${plans.length} in organization ${at}`;
  const unpriced = plans.filter(({ zones }) => !zones.some(({ amount }) => amount !== undefined));
  if (unpriced.length > 0) {
    const names = nameSome(unpriced.map(({ id }) => `${id}`));
    return warning(
      topic,
      `${text}; Hologram names no price for ${names}`,
      "Previews cannot tell what these cost, and with maxDueNow nothing is activated on them",
      details,
    );
  }
  return good(topic, text, { details });
}

function balanceVerdict(at: string, reading: Reading): Verdict {
  const topic = "balance";
  if (reading.kind === "failed") {
    if (isForbidden(reading))
      return good(topic, `not shown to this key in organization ${at}: that takes the role Admin`);
    const isNone = reading.error instanceof ApiError && reading.error.status === 404;
    return isNone ? good(topic, `organization ${at} has none that is prepaid`) : failed(topic, reading);
  }
  const read = balanceSchema.safeParse(reading.envelope.data);
  if (!read.success) return bad(topic, `what organization ${at} answers cannot be read`, REPORT);
  if (read.data.isPostpaid) return good(topic, `organization ${at} is billed afterwards`);
  const amount = money(read.data.balance).plus(money(read.data.promoBalance ?? "0"));
  const text = `${formatDollars(toDollars(amount))} prepaid in organization ${at}`;
  return amount.gt(0)
    ? good(topic, text)
    : warning(
        topic,
        text,
        "Top it up: an activation is charged at once, and refused where the balance is too low",
      );
}

/** Whether the lists that fleets are read from can be read, by the code that reads them. */
function simsVerdict(at: string, links: Reading, devices: Reading): Verdict {
  const topic = "SIMs";
  const isGone =
    links.kind === "failed" && links.error instanceof ApiError && [404, 410].includes(links.error.status);
  const reading = isGone ? devices : links;
  if (reading.kind === "failed") return failed(topic, reading);
  const items = itemsOf(reading.envelope.data) ?? [];
  const problems = items.flatMap((item) => {
    const read = isGone ? readDevice(item, 0) : readLink(item, 0);
    return read.ok ? [] : [read.problem];
  });
  const [problem] = problems;
  if (problem !== undefined)
    return bad(topic, `the list of organization ${at} cannot be read: ${problem}`, REPORT);
  const more = reading.envelope.continues === true ? "and there are more" : "and that is all";
  const text = `the list of organization ${at} can be read: ${countOfSims(items.length)} looked at, ${more}`;
  return isGone
    ? good(topic, `${text}; by GET /devices, because GET /links/cellular is gone`)
    : good(topic, text);
}

const REPORT = "Run doctor with --report, and attach the file to an issue";

function isForbidden(reading: Reading): boolean {
  return reading.kind === "failed" && reading.error instanceof RoleTooLowError;
}

function failed(topic: string, { error, reply }: Reading & { kind: "failed" }): Verdict {
  if (reply.kind === "lost" && reply.code === "TIMEOUT" && error instanceof UnreachableError) {
    const { method, path } = error.place;
    return warning(
      topic,
      `the server is slow: ${reply.detail} to ${method} ${path}`,
      "Try again later; fleets wait two minutes for an answer",
    );
  }
  return bad(topic, error.message.replace(/\.$/, ""), "Fleets need this answer: try again later");
}
