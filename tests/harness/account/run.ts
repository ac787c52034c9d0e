import type { Amount, Spending } from "../../../provider/fleet/model/journal";
import { addAmounts, noAmount } from "../../../provider/fleet/run/caps";
import type { Hints, RunContext } from "../../../provider/fleet/run/context";
import type { Program } from "../../../provider/fleet/run/declaredSims";
import { listener } from "./fleet";
import { MemoryJournal } from "./journal";
import type { World } from "./world";

/** What an operation on a fleet is given in a world: a command of its own, in a program with one fleet. */
export function runContext(world: World, more: Partial<RunContext> = {}): RunContext {
  return {
    account: world,
    report: listener().report,
    claimSettleSeconds: 600,
    journal: new MemoryJournal(world.clock),
    spending: spendingFrom(noAmount),
    caps: { maxDeactivations: 0 },
    program: loneFleet,
    hints,
    ...more,
  };
}

/** The program declares no other fleet. */
export const loneFleet: Program = { declares: () => false, isAlone: true, isWhole: () => true };

/** A program with other fleets, which declare these numbers. */
export const programWith = (numbers: readonly string[], isWhole = true): Program => ({
  declares: (number) => numbers.includes(number),
  isAlone: false,
  isWhole: () => isWhole,
});

/** What a run has set out to spend, in memory; `total` tells it. */
function spendingFrom(begun: Amount): Spending & { total(): Amount } {
  let total = begun;
  return {
    total: () => total,
    spend(amount, refuse) {
      const refusal = refuse(addAmounts(total, amount));
      if (refusal === undefined) total = addAmounts(total, amount);
      return refusal;
    },
    giveBack({ activations, dueNow, deactivations }) {
      total = addAmounts(total, {
        activations: -activations,
        dueNow: -dueNow,
        deactivations: -deactivations,
      });
    },
  };
}

export const hints: Hints = {
  lookAgain: "look again",
  goOn: "go on",
  goOnAfter: (time) => `go on after ${time}`,
  endDoubt: "end the doubt",
  runWhole: "run the whole program",
  capNames: {
    maxActivations: "maxActivations",
    maxDueNow: "maxDueNow",
    maxDeactivations: "maxDeactivations",
  },
  maxActivations: (needed) => `set maxActivations to ${needed}`,
  maxDueNow: (needed) => `set maxDueNow to ${needed}`,
  withoutMaxDueNow: () => "drop maxDueNow",
  maxDeactivations: (needed) => `set maxDeactivations to ${needed}`,
};
