import { type FleetInputs, LIMITS } from "../inputs/parse";
import type { Props } from "./values";

/** The small inputs with their defaults, as outputs repeat them. A list is not repeated. */
export type Echo = Readonly<Partial<Record<(typeof ECHOED)[number], unknown>>>;

const ECHOED = [
  "simRange",
  "eidRange",
  "plan",
  "zone",
  "expectedSims",
  ...LIMITS,
  "tagId",
  "invalidatePreflightSims",
  "adopt",
  "onRelease",
  "waitForLiveSeconds",
] as const;

export function echoOf({ sims, limits, ...inputs }: FleetInputs): Echo {
  const { plan, zone, expectedSims, tagId, invalidatePreflightSims, adopt, onRelease, waitForLiveSeconds } =
    inputs;
  const { overageLimit, threshold, smsLimit } = limits;
  const text = sims === undefined || sims.form === "list" ? undefined : `${sims.first}-${sims.last}`;
  return {
    simRange: sims?.form === "range" ? text : undefined,
    eidRange: sims?.form === "eids" ? text : undefined,
    plan,
    zone,
    expectedSims,
    overageLimit,
    threshold,
    smsLimit,
    tagId,
    invalidatePreflightSims,
    adopt,
    onRelease,
    waitForLiveSeconds,
  };
}

/** What stored outputs repeat: beside an update that failed, the engine keeps the inputs from before it. */
export function echoIn(props: Props): Echo {
  return Object.fromEntries(ECHOED.map((name) => [name, props[name]]));
}
