import { createHash } from "node:crypto";
import { z } from "zod";
import { type Approval, eachKind, hasWork, KINDS, type Kind } from "../../fleet/model/approval";
import { packNames, unpackNames } from "../../fleet/numbers/packedNames";
import { Selection } from "../../fleet/numbers/selection";
import { defined } from "../../util/defined";
import type { PlainObject, Props } from "./values";

/** Lists that both sides know, against which the names of an approval are packed. */
export interface NameBases {
  /** ICCIDs that the declaration comes to. */
  readonly roll: readonly string[];
  /** ICCIDs from which SIMs can leave. */
  readonly leaving: readonly string[];
}

/** An approval as inputs and outputs carry it: canonical, so that a saved plan can compare it. Undefined: no work. */
export function packApproval(approval: Approval | undefined, bases: NameBases): PlainObject | undefined {
  if (approval === undefined || !hasWork(approval)) return undefined;
  const { plan, zone, price, onRelease, unnamed } = approval;
  const named = KINDS.filter((kind) => approval.sims[kind].size > 0).map((kind) => [
    kind,
    packNames([...approval.sims[kind]], baseOf(kind, bases)),
  ]);
  return {
    plan,
    zone,
    ...(price === undefined ? {} : { price }),
    ...Object.fromEntries(named),
    ...(onRelease === undefined ? {} : { onRelease }),
    ...(unnamed === undefined
      ? {}
      : { unnamed: { numbers: unnamed.numbers.toString(), atMost: unnamed.atMost } }),
  };
}

/** Reads it back. Undefined where there is none, or it cannot be read: then nothing is approved. */
export function unpackApproval(value: unknown, bases: NameBases): Approval | undefined {
  const result = shape.safeParse(value);
  if (!result.success) return undefined;
  const { plan, zone, price, onRelease, unnamed, ...packed } = result.data;
  try {
    return {
      plan,
      zone,
      ...defined({ price, onRelease }),
      sims: eachKind((kind) => new Set(namesIn(packed[kind], baseOf(kind, bases)))),
      ...(unnamed === undefined
        ? {}
        : { unnamed: { numbers: Selection.parse(unnamed.numbers), atMost: unnamed.atMost } }),
    };
  } catch {
    return undefined;
  }
}

/** The approval that `check` wrote into the inputs. */
export function approvalIn(inputs: Props, bases: NameBases): Approval | undefined {
  return unpackApproval(inputs.__approval, bases);
}

/** Tells approvals apart: outputs keep that of the one which was carried out last. Undefined: nothing was approved. */
export function digestOf(inputs: Props): string | undefined {
  if (inputs.__approval === undefined) return undefined;
  return createHash("sha256").update(JSON.stringify(inputs.__approval)).digest("hex").slice(0, 16);
}

const shape = z.object({
  plan: z.number(),
  zone: z.string(),
  price: z.string().optional(),
  activate: z.string().optional(),
  adopt: z.string().optional(),
  resume: z.string().optional(),
  changePlan: z.string().optional(),
  changeLimits: z.string().optional(),
  release: z.string().optional(),
  onRelease: z.enum(["keep", "pause", "deactivate"]).optional(),
  unnamed: z.object({ numbers: z.string(), atMost: z.number() }).optional(),
});

function namesIn(text: string | undefined, base: readonly string[]): string[] {
  return text === undefined ? [] : unpackNames(text, base);
}

function baseOf(kind: Kind, { roll, leaving }: NameBases): readonly string[] {
  return kind === "release" ? leaving : roll;
}
