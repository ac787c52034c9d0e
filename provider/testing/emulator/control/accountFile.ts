/**
 * What the command line says about an account: a file that holds it, switches of its behaviour, faults. What is wrong
 * is said in one sentence that names the place.
 */
import { readFileSync } from "node:fs";
import type { z } from "zod";
import type { Behaviour } from "../account/behaviour";
import type { AccountSetup, OrganizationSetup } from "../accountSetup";
import type { EmulatorOptions } from "../contract";
import { behaviourForm, faultRuleForm } from "../faults/faultForms";
import type { FaultRule } from "../faults/faults";
import { accountFileForm } from "./setupForms";
import { defaultAccount } from "./testControls";

/** An account file: JSON. Sections that are left out are those of the default account, which has no packs. */
export interface AccountFile extends AccountSetup {
  /** Switches that differ from the default behaviour. */
  readonly behaviour?: Partial<Behaviour>;
  /** Faults in force from the start, the first that applies first. */
  readonly faults?: readonly FaultRule[];
}

/** What a command line gives. */
export interface StartTexts {
  /** Path of an account file. */
  readonly account?: string;
  /** `name=value`, each a switch. */
  readonly behaviour?: readonly string[];
  /** Rules in JSON. */
  readonly fault?: readonly string[];
}

/** Options of `startEmulator` from a command line. Switches and faults of the command line go before the file's. */
export function readStart(texts: StartTexts): Pick<EmulatorOptions, "account" | "behaviour" | "faults"> {
  const file = texts.account === undefined ? {} : readAccountFile(texts.account);
  const { behaviour, faults = [], ...account } = file;
  return {
    ...(texts.account === undefined ? {} : { account }),
    behaviour: { ...behaviour, ...readBehaviour(texts.behaviour ?? []) },
    faults: [...(texts.fault ?? []).map(readFault), ...faults],
  };
}

/** Fails with a sentence that names the file, the place in it and what is expected there. */
export function readAccountFile(path: string): AccountFile {
  const read = (): unknown => {
    try {
      return JSON.parse(readFileSync(path, "utf8"));
    } catch (error) {
      throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const { organizations, keys, plans, ...rest } = parse(accountFileForm, read(), path);
  const preset = defaultAccount;
  const numbered = numberedOrganizations(organizations ?? preset.organizations ?? []);
  const file = {
    organizations: numbered,
    // A key of the default account would see no organization of the file.
    keys: keys ?? (preset.keys ?? []).map((key) => ({ ...key, orgIds: numbered.map(({ id }) => id) })),
    plans: plans ?? preset.plans ?? [],
    ...rest,
  };
  for (const problem of danglingReferences(file)) throw new Error(`${path}: ${problem}.`);
  return file;
}

/** As the account numbers those that have no id. */
function numberedOrganizations(setups: readonly OrganizationSetup[]) {
  const ids: number[] = [];
  return setups.map((setup) => {
    const id = setup.id ?? Math.max(12344, ...ids) + 1;
    ids.push(id);
    return { ...setup, id };
  });
}

/** Organizations, plans and zones that are named and not there. */
function* danglingReferences({ organizations = [], keys = [], plans = [], packs = [] }: AccountSetup) {
  const named = [
    ...keys.flatMap(({ orgIds }, place) =>
      orgIds.map((orgId, item) => [`keys[${place}].orgIds[${item}]`, orgId] as const),
    ),
    ...plans.flatMap(({ orgIds = [] }, place) =>
      orgIds.map((orgId, item) => [`plans[${place}].orgIds[${item}]`, orgId] as const),
    ),
    ...packs.map(({ orgId }, place) => [`packs[${place}].orgId`, orgId] as const),
  ];
  for (const [place, orgId] of named) {
    if (orgId !== undefined && !organizations.some(({ id }) => id === orgId))
      yield `${place}: the account has no organization ${orgId}`;
  }
  for (const [place, { plan, zone }] of packs.entries()) {
    const found = plans.find(({ id }) => id === plan);
    if (plan !== undefined && found === undefined)
      yield `packs[${place}].plan: the account has no plan ${plan}`;
    if (zone !== undefined && found !== undefined && !(zone in found.zones))
      yield `packs[${place}].zone: plan ${plan} has no zone ${zone}`;
  }
}

/** Reads switches as `name=value`: `edition=E3`, `laggingReads=1`. */
function readBehaviour(switches: readonly string[]): Partial<Behaviour> {
  const given = switches.map((text) => {
    const [, name, value] = /^([A-Za-z]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new Error(`A switch is name=value, not ${text}.`);
    const names = Object.keys(behaviourForm.shape);
    if (!names.includes(name))
      throw new Error(`There is no switch ${name}. The switches are ${names.join(", ")}.`);
    return [name, switchValue(name, value)];
  });
  return parse(behaviourForm, Object.fromEntries(given), "behaviour");
}

/** Reads a fault rule from JSON. */
function readFault(text: string): FaultRule {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`A fault is a rule in JSON, not ${text}.`);
  }
  return parse(faultRuleForm.strict(), json, "fault");
}

/** Numbers and truth values as such, unless the switch takes text. */
function switchValue(name: string, value: string): unknown {
  const takesText = Object.entries(behaviourForm.shape).some(
    ([each, form]) => each === name && ["text", "1"].some((text) => form.safeParse(text).success),
  );
  if (takesText || !/^(true|false|-?\d+(\.\d+)?)$/.test(value)) return value;
  return JSON.parse(value);
}

function parse<T>(form: z.ZodType<T>, value: unknown, subject: string): T {
  const result = form.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined ? "" : pathOf(issue.path);
  throw new Error(`${subject}: ${place === "" ? "" : `${place}: `}${issue?.message ?? "is not valid"}.`);
}

/** `packs[0].first` */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step, place) =>
      typeof step === "number" ? `[${step}]` : `${place === 0 ? "" : "."}${String(step)}`,
    )
    .join("");
}
