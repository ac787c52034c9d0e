/** Faults for the requests to come. */

import { mishaps, often, ruleWords, targets } from "../faultKinds";
import type { Action } from "../pageHost";
import { counted } from "../views/words";

export const arrangeFault: Action = ({ emulator }, form) => {
  const target = targets.find(({ name }) => name === form.text("target"));
  const frequency = often.find(({ name }) => name === form.text("often"));
  const mishap = mishaps.find(({ name }) => name === form.text("mishap"));
  if (target === undefined || frequency === undefined || mishap === undefined) {
    throw new Error("Choose which requests go wrong, how often, and how.");
  }
  const seconds = form.integer("seconds", "Seconds") ?? 5;
  if (seconds < 0 || seconds > 3600) throw new Error("Seconds: from 0 to 3600.");
  const iccids = form.text("iccids")?.split(/[\s,;]+/) ?? [];
  if (mishap.name === "refuse" && iccids.length === 0) throw new Error("Name the SIMs that are refused.");
  const fault = mishap.make({
    seconds,
    iccids,
    reason: form.text("reason") ?? "SIM cannot be activated",
    state: form.text("state") ?? "PAUSED-SYS-FUNDS",
  });
  const rule = { ...target.rule, ...frequency.rule, fault };
  emulator.faults.add(rule);
  return `Arranged. ${ruleWords(rule)}.`;
};

export const clearFaults: Action = ({ emulator }) => {
  const { length } = emulator.faults.list();
  emulator.faults.clear();
  return length === 0 ? "There was no fault to take away." : `${counted(length, "fault")} taken away.`;
};

export const releaseHeld: Action = ({ emulator }) => {
  const { held } = emulator.faults;
  emulator.faults.release();
  return held === 0 ? "No request was held back." : `${counted(held, "request")} released.`;
};
