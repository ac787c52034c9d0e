import type * as pulumi from "@pulumi/pulumi";
import { lookup } from "./lookup";
import type { InputsOf, LookupOptions, LookupOutputOptions } from "./lookupOptions";
import type {
  Balance,
  Device,
  GetBalanceArgs,
  GetDevicesArgs,
  GetPlanArgs,
  GetPlansArgs,
  GetSimsArgs,
  Plan,
  Sim,
} from "./types";

// Each look-up is its name, the types of its arguments and answer, and the code that reads: `lookup` makes both forms.

const plans = lookup<GetPlansArgs, readonly Plan[]>(
  "getPlans",
  async () => (await import("./reads/plans.js")).readPlans,
);

/**
 * The data plans that an organization may use, by ascending id. Asked for once in a run of the program, however often
 * it is called. Fails with one sentence: no key, a key that is refused or may not read (it takes the role Editor), an
 * organization that the key does not see, no network.
 *
 * @example
 * ```ts
 * const plans = await hologram.getPlans();
 * export const names = plans.map(({ id, name }) => `${id} ${name}`);
 * ```
 *
 * @see https://docs.hologram.io/api/1/plans/get
 */
export const getPlans = plans.get;

/** As `getPlans`, with Outputs; not known while an argument is not. */
export const getPlansOutput = plans.output;

const plan = lookup<GetPlanArgs, Plan>("getPlan", async () => (await import("./reads/plans.js")).readPlan);

/**
 * One data plan, by id or by name. Fails like `getPlans`, and where not exactly one plan matches: then it lists the
 * plans there are.
 *
 * @example The id of a plan, by its name
 * ```ts
 * const plan = hologram.getPlanOutput({ name: "Global Flat" });
 * new hologram.SimActivation("cold-chain", { simRange: "…-…", plan: plan.id });
 * ```
 *
 * @see https://docs.hologram.io/api/1/plans/get
 */
export const getPlan: (args: GetPlanArgs, options?: LookupOptions) => Promise<Plan> = plan.get;

/** As `getPlan`, with Outputs; not known while an argument is not. */
export const getPlanOutput: (
  args: InputsOf<GetPlanArgs>,
  options?: LookupOutputOptions,
) => pulumi.Output<Plan> = plan.output;

const sims = lookup<GetSimsArgs, readonly Sim[]>(
  "getSims",
  async () => (await import("./reads/sims.js")).readSims,
);

/**
 * SIMs of an organization, by ascending ICCID, in any state: also inventory that was never activated, where Hologram
 * lists it. Reads 1,000 SIMs in a request, 100 for a list. Fails with one sentence for what fails `getPlans`, for a
 * range or ICCID that is not one, and for a tag that does not exist.
 *
 * Kept for the run: after activations, ask with `dependsOn`.
 *
 * @example SIMs that are paused
 * ```ts
 * const paused = await hologram.getSims({ state: "PAUSED-USER" });
 * export const iccids = paused.map(({ iccid }) => iccid);
 * ```
 *
 * @see https://docs.hologram.io/api/1/devices/get
 */
export const getSims = sims.get;

/**
 * As `getSims`, with Outputs; not known while an argument or a dependency is not.
 *
 * @example SIMs once the fleet exists
 * ```ts
 * const fleet = new hologram.SimActivation("trucks", { simRange: "…-…", plan: 2096 });
 * export const sims = hologram.getSimsOutput({ simRange: fleet.simRange }, { dependsOn: fleet });
 * ```
 */
export const getSimsOutput = sims.output;

const devices = lookup<GetDevicesArgs, readonly Device[]>(
  "getDevices",
  async () => (await import("./reads/matchingDevices.js")).readDevices,
);

/**
 * Devices of an organization, by ascending id. Reads 1,000 SIMs in a request, 100 for a list of ids. Fails with one
 * sentence for what fails `getPlans`, and for a tag that is not there.
 *
 * Kept for the run: after activations, ask with `dependsOn`.
 *
 * @example
 * ```ts
 * const trucks = await hologram.getDevices({ name: "truck" });
 * export const names = trucks.map(({ deviceId, name }) => `${deviceId} ${name}`);
 * ```
 *
 * @see https://docs.hologram.io/api/1/devices/get
 */
export const getDevices = devices.get;

/** As `getDevices`, with Outputs; not known while an argument or a dependency is not. */
export const getDevicesOutput = devices.output;

const balance = lookup<GetBalanceArgs, Balance | undefined>(
  "getBalance",
  async () => (await import("./reads/balance.js")).readBalance,
);

/**
 * The prepaid balance of an organization. **Undefined** if there is none to see: the key's user is not an Admin of the
 * organization (403), or the organization has no prepaid balance (404). That is no reason not to activate: only
 * Hologram knows how much an organization may owe. Fails with one sentence for what fails `getPlans`.
 *
 * Kept for the run: after activations, ask with `dependsOn`.
 *
 * @example
 * ```ts
 * const { balance } = (await hologram.getBalance()) ?? {};
 * if (balance !== undefined && balance < 100) pulumi.log.warn(`only $${balance} left`);
 * ```
 *
 * @see https://docs.hologram.io/api/1/organizations/orgid/balance/get
 */
export const getBalance = balance.get;

/** As `getBalance`, with Outputs; not known while an argument or a dependency is not. */
export const getBalanceOutput = balance.output;
