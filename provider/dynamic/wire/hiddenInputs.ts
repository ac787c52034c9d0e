import { z } from "zod";
import type { DeclaredSims } from "../../fleet/model/declaration";
import { packNames, unpackNames } from "../../fleet/numbers/packedNames";
import { REGISTERED_SECRETS } from "./registration";
import type { Plain, PlainObject, Props } from "./values";

/**
 * Inputs that `check` adds for itself, beside `preview`. Keys that begin with `__` are shown in no preview and to no
 * policy (seen on the real engine); they are in state, in saved plans and in `--json`.
 *
 * | key | holds |
 * |---|---|
 * | `__roll` | the ICCIDs that the declaration came to when it was last checked |
 * | `__devices` | device and link ids of SIMs of the roll that show another ICCID, as a refresh found them |
 * | `__approval` | what that check told, by name; absent where nothing was to be done |
 * | `__again` | `true`: a refresh found something, so the next check looks, whatever the program says |
 * | `__secret` | `true`: the selection is secret (outputs alone cannot tell) |
 * | `__urn` | the resource's row, for messages |
 */
export interface HiddenInputs extends Row {
  readonly roll: readonly string[] | undefined;
  /** By the ICCID on the roll: `[deviceId, linkId]`. */
  readonly devices: Devices;
  readonly looksAgain: boolean;
}

/** What inputs and outputs say of the resource itself. */
export interface Row {
  readonly urn: string | undefined;
  /** The selection is secret, so everything that names its SIMs is. */
  readonly isSecret: boolean;
}

export type Devices = Readonly<Record<string, readonly [number, number]>>;

export function hiddenInputsOf(props: Props, sims: DeclaredSims | undefined): HiddenInputs {
  return {
    ...rowOf(props),
    roll: unpackRoll(props.__roll, sims),
    devices: devicesIn(props.__devices),
    looksAgain: props.__again === true,
  };
}

/** The row of a resource and whether its selection is secret, without the roll: unpacking 100,000 SIMs takes 40 to 70 ms. */
export function rowOf(props: Props): Row {
  return {
    urn: typeof props.__urn === "string" ? props.__urn : undefined,
    isSecret: props.iccids === null || props.__secret === true,
  };
}

export function writeRow({ urn, isSecret }: Row): Props {
  return { __urn: urn, __secret: isSecret || undefined };
}

/** What a check or a refresh leaves for the next check. */
export interface NewHidden {
  readonly roll: readonly string[] | undefined;
  /** The declaration that the roll is of. */
  readonly sims: DeclaredSims | undefined;
  readonly devices: Devices | undefined;
  /** Packed. */
  readonly approval?: PlainObject | undefined;
  readonly looksAgain?: boolean;
}

export function writeHidden({ roll, sims, devices, approval, looksAgain }: NewHidden): Props {
  return {
    __roll: packRoll(roll, sims),
    __devices: devices,
    __approval: approval,
    __again: looksAgain || undefined,
  };
}

/** What a check or a refresh left earlier comes back as news under `ignoreChanges: ["*"]`, and holds no more. */
export function withoutHidden(news: Props): Props {
  const { __roll, __devices, __approval, __again, ...others } = news;
  return others;
}

/** A refresh found SIMs of the roll under other ICCIDs. */
export function hasOtherNumbers(props: Props): boolean {
  return props.__devices !== undefined;
}

export function packRoll(
  roll: readonly string[] | undefined,
  sims: DeclaredSims | undefined,
): string | undefined {
  return roll === undefined ? undefined : packNames(roll, baseOf(sims));
}

/** Undefined where none is stored, or it cannot be read: then the account is asked. */
export function unpackRoll(value: unknown, sims: DeclaredSims | undefined): readonly string[] | undefined {
  if (typeof value !== "string") return undefined;
  try {
    return unpackNames(value, baseOf(sims));
  } catch {
    return undefined;
  }
}

/** What names the SIMs of a secret selection stays secret, and marks the outputs of the same name. */
export function withSecrets(inputs: PlainObject): PlainObject {
  const given = ["simRange", "sims", "eidRange", "__devices"].filter((key) => inputs[key] !== undefined);
  const marked = [...REGISTERED_SECRETS, ...given].map((key) => [key, asSecret(inputs[key] ?? null)]);
  return { ...inputs, ...Object.fromEntries(marked) };
}

/** How the engine marks a secret on the wire (pulumi: sdk/nodejs/runtime/rpc.ts, `specialSigKey`). */
export function asSecret(value: Plain): PlainObject {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

function devicesIn(value: unknown): Devices {
  const result = devicesShape.safeParse(value);
  return result.success ? result.data : {};
}

const devicesShape = z.record(z.string(), z.tuple([z.number(), z.number()]));

function baseOf(sims: DeclaredSims | undefined): readonly string[] {
  return sims?.form === "list" ? sims.iccids : [];
}
