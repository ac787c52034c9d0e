/** One of the safeguards taken away, to see that the campaign notices. */

const mutationNames = [
  "unboundReleases",
  "approvalByCount",
  "priceNotCompared",
  "doubtForgottenAtDestroy",
  "journalNotConsulted",
  "sparingByNumber",
  "lostNeverLookedFor",
  "newCardsHeld",
] as const;
export type Mutation = (typeof mutationNames)[number];

/** Does the work with a provider that lacks a safeguard. */
export async function mutated<T>(_mutation: Mutation | undefined, work: () => Promise<T>): Promise<T> {
  return work();
}
