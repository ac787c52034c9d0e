/** Look-ups: what an account holds, read in the program. */

export type { InputsOf, LookupOptions, LookupOutputOptions } from "./lookupOptions";
export {
  getBalance,
  getBalanceOutput,
  getDevices,
  getDevicesOutput,
  getPlan,
  getPlanOutput,
  getPlans,
  getPlansOutput,
  getSims,
  getSimsOutput,
} from "./lookups";
export type {
  Balance,
  Device,
  GetBalanceArgs,
  GetDevicesArgs,
  GetPlanArgs,
  GetPlansArgs,
  GetSimsArgs,
  Plan,
  PlanZone,
  Sim,
} from "./types";
