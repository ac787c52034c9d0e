import type { Account } from "../../../provider/fleet/account";
import type { ClaimTarget } from "../../../provider/hologram/model";
import { currentOperation, type Operation } from "./operations";

/** One of the safeguards taken away, to see that the campaign notices. */
export type Mutation = "noReadBack" | "noDoubt" | "noObservation";

/** The account as a provider without the safeguard would act on it. */
export function mutate(
  account: Account,
  mutation: Mutation | undefined,
  named: (target: ClaimTarget) => string[],
): Account {
  switch (mutation) {
    case undefined:
      return account;
    case "noReadBack":
      return blinded(account, ({ claimed }) => claimed);
    case "noDoubt":
      return { ...account, claim: (request) => withoutDoubt(account.claim(request)) };
    case "noObservation":
      return {
        ...blinded(account, ({ claimed }) => !claimed),
        previewClaim: async (target) => ({ kind: "claimable", iccids: named(target) }),
      };
  }
}

/** What stays in state of outputs without the rule for doubtful claims. */
export function mutateOutputs<T extends object>(outputs: T, mutation: Mutation | undefined): T {
  return mutation === "noDoubt" && "__doubtfulUntil" in outputs
    ? { ...outputs, __doubtfulUntil: undefined }
    : outputs;
}

function blinded(account: Account, when: (operation: Operation) => boolean): Account {
  const blind = <T>(seen: AsyncIterable<T>): AsyncIterable<T> =>
    when(currentOperation()) ? nothing() : seen;
  return {
    ...account,
    simsInRange: (first, last) => blind(account.simsInRange(first, last)),
    simsByIccid: (iccids) => blind(account.simsByIccid(iccids)),
    simsByDevice: (deviceIds) => blind(account.simsByDevice(deviceIds)),
    allSims: () => blind(account.allSims()),
  };
}

async function* nothing(): AsyncGenerator<never> {}

async function withoutDoubt(claim: ReturnType<Account["claim"]>): ReturnType<Account["claim"]> {
  const answer = await claim;
  if (answer.kind !== "doubtful") return answer;
  return { kind: "refused", cause: "other", status: 500, message: answer.message };
}
