/** Look-ups: what an account holds, read in the program. */
export { type Balance, type GetBalanceArgs, getBalance, getBalanceOutput } from "./balance";
export { type Device, type GetDevicesArgs, getDevices, getDevicesOutput } from "./devices";
export type { InputsOf, LookupOptions, LookupOutputOptions } from "./options";
export {
  type GetPlanArgs,
  type GetPlansArgs,
  getPlan,
  getPlanOutput,
  getPlans,
  getPlansOutput,
  type Plan,
  type PlanZone,
} from "./plans";
export { type GetSimsArgs, getSims, getSimsOutput, type Sim } from "./sims";
