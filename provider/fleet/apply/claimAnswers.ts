import type { ClaimAnswer } from "../../hologram/model";
import type { Account } from "../model/account";
import type { HeldSim } from "../model/declaration";
import { reasonOf } from "../model/fleetErrors";
import type { Sent } from "../model/journal";
import { Selection } from "../numbers/selection";
import type { Batch } from "./claimBatch";

/** What is still due of a range when its answer comes in. */
export interface Due {
  /** SIMs of which its numbers may hold that many. */
  readonly expected: number;
  /** Nothing more is to be sent. */
  readonly isLast: boolean;
}

/** Where the first SIM of a run was activated. */
export interface Landing {
  /** The organization, where it is another one than was asked. */
  readonly strayedTo?: number;
  /** Why nothing more is to be sent. */
  readonly stops?: string;
}

/** What an answer settles, and what it leaves in doubt. */
export function settledBy(answer: ClaimAnswer, batch: Batch, due: Due): Omit<Sent<unknown>, "answer"> {
  const asked = batch.numbers;
  switch (answer.kind) {
    case "refused":
      return { bought: Selection.empty, unsettled: Selection.empty };
    case "claimed": {
      const bought = Selection.ofList(answer.sims.map(({ iccid }) => iccid)).intersect(asked);
      // Nobody knows which numbers of a range are SIMs: those that a later answer names may make up for what is missing.
      const isWhole = batch.kind === "unnamed" && bought.width >= BigInt(due.expected);
      const unsettled = isWhole ? Selection.empty : asked.minus(bought);
      return unsettled.isEmpty || (batch.kind === "unnamed" && !due.isLast)
        ? { bought, unsettled }
        : { bought, unsettled, stops: afterDoubt("an answer named fewer SIMs than were claimed") };
    }
    case "refusedSims": {
      const unsettled = asked.minus(Selection.ofList(answer.reasons.keys()));
      const stops = answer.restDoubtful ? { stops: afterDoubt("part of a claim was refused") } : {};
      return { bought: Selection.empty, unsettled, ...stops };
    }
    case "doubtful":
      return { bought: Selection.empty, unsettled: asked, stops: afterDoubt(answer.message) };
  }
}

/**
 * One edition of the documentation lets the key, not the request, choose the organization (docs.hologram.io,
 * links/cellular/bulkclaim). So the first SIM of the run is looked at before the next claim is sent: where it cannot
 * be, none is. An account that does not tell the organization of a device holds nothing up.
 */
export async function landingOf(account: Account, batch: Batch, sims: readonly HeldSim[]): Promise<Landing> {
  const one = sims.find(({ iccid }) => batch.numbers.has(iccid));
  if (one === undefined) return {};
  try {
    const orgId = await account.organizationOf(one.deviceId);
    if (orgId === undefined || orgId === account.orgId) return {};
    const stops = `Hologram activated in organization ${orgId}, not in ${account.orgId}`;
    return { strayedTo: orgId, stops };
  } catch (error) {
    const what = `in which organization Hologram activated ${one.iccid} could not be read`;
    return { stops: `${what} (${reasonOf(error)}); nothing more was claimed` };
  }
}

/** Why a run claims nothing more. */
export function afterDoubt(why: string): string {
  return `nothing more was claimed after a doubtful answer (${why})`;
}
