/** The text of a phase: rows, messages, outputs and counts, modelled on Pulumi's own display. */

import { changedKeys } from "../decide/decide";
import type { Diagnostic, StepOp } from "../engineContract";
import {
  equalValues,
  isMap,
  isSecret,
  type PropertyMap,
  type PropertyValue,
  unknownValue,
} from "../protocol/propertyValues";
import { urnName, urnType } from "../protocol/urn";
import type { Recorder, StepRecord } from "./recorder";

export interface PhaseTitle {
  /** The operation as a noun, e.g. `update`. */
  readonly noun: string;
  /** The operation under way, e.g. `Updating`. */
  readonly doing: string;
}

const signs: Readonly<Record<StepOp, string>> = {
  same: "  ",
  create: "+ ",
  update: "~ ",
  replace: "+-",
  "create-replacement": "++",
  "delete-replaced": "--",
  delete: "- ",
  read: "> ",
  refresh: "~ ",
};

/** The whole text of one phase. */
export function phaseText(
  heading: string,
  preview: boolean,
  recorder: Recorder,
  outputs: PropertyMap,
): string {
  return [
    heading,
    ...recorder.steps.filter(isShown).flatMap((step) => rows(step, recorder)),
    ...section("Diagnostics:", messages(recorder)),
    ...section(
      "Outputs:",
      Object.entries(outputs).map(([key, value]) => `    ${key}: ${short(value)}`),
    ),
    ...section("Resources:", counts(recorder, preview)),
    "",
  ].join("\n");
}

/** The first line: the operation, and that this is not Pulumi. */
export function headingText(title: PhaseTitle, preview: boolean, stack: string): string {
  const heading = preview ? `Previewing ${title.noun} (${stack}):` : `${title.doing} (${stack}):`;
  return `${heading} [embedded engine of pulumi-hologram, not the Pulumi CLI]`;
}

/** A replacement has one row; its halves have none unless they failed. */
function isShown({ op, failed }: StepRecord): boolean {
  return failed || (op !== "create-replacement" && op !== "delete-replaced");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

/** The row of a resource, and beneath it what changes in its inputs. */
function rows(step: StepRecord, recorder: Recorder): string[] {
  const status = recorder.diagnostics.findLast(
    ({ urn, ephemeral }) => urn === step.urn && ephemeral === true,
  );
  const state = step.failed ? `${step.op} **failed**` : step.op;
  const info = status === undefined ? "" : `  ${status.message}`;
  const row =
    ` ${signs[step.op]} ${step.type} ${step.name} ${step.op === "same" ? "" : state}${info}`.trimEnd();
  return [row, ...changes(step)];
}

function changes({ op, old, new: next }: StepRecord): string[] {
  if (op === "create" || op === "replace") {
    return propertyLines(old?.inputs ?? {}, next?.inputs ?? {}, "       ");
  }
  if (op === "update") {
    // Without changed inputs a refresh shows what it found.
    const inputs = propertyLines(old?.inputs ?? {}, next?.inputs ?? {}, "       ");
    return inputs.length > 0 || next?.outputs === undefined || Object.keys(next.outputs).length === 0
      ? inputs
      : propertyLines(old?.outputs ?? {}, next.outputs, "       ");
  }
  return [];
}

/** One line for each property that differs; maps are opened. Keys that begin with `__` are nobody's business. */
function propertyLines(olds: PropertyMap, news: PropertyMap, indent: string): string[] {
  const keys = changedKeys(olds, news).filter((key) => !key.startsWith("__"));
  return keys.flatMap((key) => {
    const [before, after] = [olds[key], news[key]];
    if (isMap(after) && !isSecret(after) && (before === undefined || (isMap(before) && !isSecret(before)))) {
      const sign = before === undefined ? "+" : "~";
      return [`${indent}${sign} ${key}:`, ...propertyLines(before ?? {}, after, `${indent}    `)];
    }
    if (before === undefined) {
      return [`${indent}+ ${key}: ${short(after)}`];
    }
    return [
      after === undefined
        ? `${indent}- ${key}: ${short(before)}`
        : `${indent}~ ${key}: ${short(before)} => ${short(after)}`,
    ];
  });
}

function short(value: PropertyValue | undefined): string {
  if (isSecret(value)) {
    return "[secret]";
  }
  if (equalValues(value, unknownValue)) {
    return "[unknown]";
  }
  if (Array.isArray(value) && value.length > 4) {
    const ends: PropertyValue[] = [value[0], value[1]];
    return `[${ends.map(short).join(", ")}, … ${value.length - 2} more]`;
  }
  if (Array.isArray(value)) {
    return `[${value.map(short).join(", ")}]`;
  }
  if (isMap(value)) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${short(inner)}`)
      .join(", ")} }`;
  }
  return JSON.stringify(value ?? null);
}

/** Messages that stay, under the resource that they are about. */
function messages({ diagnostics }: Recorder): string[] {
  const lasting = diagnostics.filter(({ ephemeral }) => ephemeral !== true);
  const groups = Map.groupBy(lasting, ({ urn }: Diagnostic) => urn);
  return [...groups].flatMap(([urn, group]) => [
    urn === undefined ? "  stack:" : `  ${urnType(urn)} (${urnName(urn)}):`,
    ...group.map(
      ({ severity, message }) => `    ${severity === "info" ? "" : `${severity}: `}${message.trimEnd()}`,
    ),
  ]);
}

const verbs: readonly { readonly ops: readonly StepOp[]; readonly plan: string; readonly past: string }[] = [
  { ops: ["create"], plan: "to create", past: "created" },
  { ops: ["update"], plan: "to update", past: "updated" },
  { ops: ["replace"], plan: "to replace", past: "replaced" },
  { ops: ["delete"], plan: "to delete", past: "deleted" },
  { ops: ["same", "read"], plan: "unchanged", past: "unchanged" },
];

function counts({ steps }: Recorder, preview: boolean): string[] {
  const lines = verbs.map(({ ops, plan, past }) => {
    const count = steps.filter(({ op, failed }) => ops.includes(op) && !failed).length;
    const sign = signs[ops[0] ?? "same"].trim();
    return count === 0 ? "" : `    ${`${sign} ${count}`.trim()} ${preview ? plan : past}`;
  });
  return lines.filter((line) => line !== "");
}
