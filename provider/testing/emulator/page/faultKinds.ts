/** The faults that can be arranged by hand, as choices, as rules, and in words. */
import type { Fault, FaultRule, PlantedFault } from "../faults/faults";

export interface Target {
  readonly name: string;
  readonly text: string;
  readonly rule: Omit<FaultRule, "fault">;
}

export const targets: readonly Target[] = [
  {
    name: "claim",
    text: "claim",
    rule: { method: "POST", path: /\/(bulk)?claim$/, preview: false },
  },
  { name: "preview", text: "preview", rule: { preview: true } },
  {
    name: "change",
    text: "change that is no claim",
    rule: { method: "POST", path: /^(?!.*\/(bulk)?claim$)/, preview: false },
  },
  { name: "read", text: "read", rule: { method: "GET" } },
  { name: "any", text: "request of any kind", rule: {} },
];

export interface Often {
  readonly name: string;
  readonly text: string;
  readonly rule: Pick<FaultRule, "nth">;
}

export const often: readonly Often[] = [
  { name: "next", text: "the next", rule: { nth: 1 } },
  { name: "three", text: "the next three", rule: { nth: { from: 1, to: 3 } } },
  { name: "every", text: "every", rule: {} },
];

/** What a mishap is made from. */
interface Details {
  readonly seconds: number;
  readonly iccids: readonly string[];
  readonly reason: string;
  readonly state: string;
}

export interface Mishap {
  readonly name: string;
  readonly text: string;
  make(details: Details): Fault;
}

export const mishaps: readonly Mishap[] = [
  {
    name: "drop-after",
    text: "it is carried out, and its answer is lost",
    make: () => ({ kind: "drop", commit: true }),
  },
  {
    name: "drop-before",
    text: "it is lost before it is carried out",
    make: () => ({ kind: "drop", commit: false }),
  },
  {
    name: "late",
    text: "the connection breaks, and it is carried out some seconds later",
    make: ({ seconds }) => ({ kind: "lateCommit", milliseconds: seconds * 1000 }),
  },
  { name: "hold", text: "it is held back, and carried out when released", make: () => ({ kind: "hold" }) },
  {
    name: "hold-answer",
    text: "it is carried out, and its answer is held back",
    make: () => ({ kind: "hold", commit: true }),
  },
  {
    name: "delay",
    text: "its answer comes some seconds late",
    make: ({ seconds }) => ({ kind: "delay", milliseconds: seconds * 1000 }),
  },
  {
    name: "half",
    text: "it is carried out, and its answer breaks off in the middle",
    make: () => ({ kind: "halfBody", commit: true }),
  },
  { name: "rate", text: "429: too many requests", make: () => ({ kind: "rateLimit" }) },
  {
    name: "500-after",
    text: "500, although it is carried out",
    make: () => ({ kind: "status", status: 500, commit: true }),
  },
  {
    name: "500-before",
    text: "500, and it is not carried out",
    make: () => ({ kind: "status", status: 500 }),
  },
  {
    name: "html",
    text: "502 with a page of HTML, and it is not carried out",
    make: () => ({ kind: "html", status: 502, commit: false }),
  },
  {
    name: "empty",
    text: "it is carried out, and its answer is empty",
    make: () => ({ kind: "empty", commit: true }),
  },
  {
    name: "fewer",
    text: "it is carried out, and its answer leaves out one SIM",
    make: () => ({ kind: "wrongCount", drop: 1 }),
  },
  {
    name: "refuse",
    text: "these SIMs are refused",
    make: ({ iccids, reason }) => ({ kind: "refuse", iccids, reason }),
  },
  {
    name: "state",
    text: "active SIMs are in this state",
    make: ({ state }) => ({ kind: "unknownState", state }),
  },
];

/** A rule in force, in words. */
export function ruleWords({ fault, nth, probability, ...target }: FaultRule): string {
  const which = targets.find(({ rule }) => sameTarget(rule, target))?.text ?? targetWords(target);
  const frequency = often.find(({ rule }) => JSON.stringify(rule.nth) === JSON.stringify(nth))?.text;
  const chance = probability === undefined ? "" : `, with a chance of ${probability}`;
  return `${capitalised(frequency ?? `of matching requests number ${JSON.stringify(nth)},`)} ${which}: ${faultWords(fault)}${chance}`;
}

/** Whether no further request can meet it. */
export function isOver({ rule: { nth }, matched }: PlantedFault): boolean {
  const last = typeof nth === "number" ? nth : nth?.to;
  return last !== undefined && matched >= last;
}

function faultWords(fault: Fault): string {
  switch (fault.kind) {
    case "refuse":
      return `${fault.iccids.length === 1 ? `SIM ${fault.iccids[0]} is` : `${fault.iccids.length} SIMs are`} refused (${fault.reason})`;
    case "lateCommit":
      return `the connection breaks, and it is carried out ${fault.milliseconds / 1000} s later`;
    case "delay":
      return `its answer comes ${fault.milliseconds / 1000} s late`;
    case "unknownState":
      return `active SIMs are in the state ${fault.state}`;
  }
  const [details, wanted] = [{ seconds: 0, iccids: [], reason: "", state: "" }, JSON.stringify(fault)];
  return mishaps.find(({ make }) => JSON.stringify(make(details)) === wanted)?.text ?? wanted;
}

function targetWords({ method, path, preview }: Omit<FaultRule, "fault">): string {
  const kind = preview === undefined ? "request" : preview ? "preview" : "request that is no preview";
  return [method ?? "any", kind, ...(path === undefined ? [] : ["to", String(path)])].join(" ");
}

function sameTarget(a: Omit<FaultRule, "fault">, b: Omit<FaultRule, "fault">): boolean {
  return a.method === b.method && a.preview === b.preview && String(a.path) === String(b.path);
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
