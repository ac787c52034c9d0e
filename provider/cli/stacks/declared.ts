import { z } from "zod";
import { parseInputs } from "../../dynamic/inputs/parse";
import { packedIn } from "../../dynamic/wire/packed";
import { Selection } from "../../fleet/numbers/selection";
import { isRecord } from "../../hologram/envelope";
import { CommandError } from "../command";

/** Which SIMs a fleet in a state declares or holds. */
export interface DeclaredFleet {
  readonly name: string;
  /** Absent where an interrupted creation did not know it yet. */
  readonly orgId: number | undefined;
  /** ICCIDs and EIDs: they have different lengths, so that one selection holds both. */
  readonly selection: Selection;
  /** The SIMs held, ascending as they were claimed. */
  readonly held: readonly HeldSim[];
  /** ICCIDs of declared SIMs that the record has as lost: they are not held, and never claimed again. */
  readonly lost: readonly string[];
  /** The selection is encrypted; the SIMs are known by their devices alone. */
  readonly byDevicesAlone: boolean;
}

/** A SIM as the outputs of a fleet name it; without numbers where those are encrypted. */
interface HeldSim {
  readonly iccid: string | undefined;
  readonly deviceId: number;
  readonly linkId: number | undefined;
}

export interface StoredFleet {
  readonly urn: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Throws a `CommandError` where neither the selection nor all devices can be read: the answer would accuse SIMs falsely. */
export function fleetOf({ urn, inputs, outputs }: StoredFleet, stack: string): DeclaredFleet {
  const name = urn.split("::").at(-1) ?? urn;
  const [given, made] = [opened(inputs), opened(outputs)];
  const parsed = parseInputs(given.known);
  const declared = "inputs" in parsed ? parsed.inputs.sims?.selection : undefined;
  const { orgId, iccids, deviceIds, linkIds, lost, simCount } = record.parse({ ...made.known });
  const listed = deviceIds.map((deviceId, at) => ({ deviceId, iccid: iccids[at], linkId: linkIds[at] }));
  const held: readonly HeldSim[] = packedIn(made.known) ?? listed;
  const complete = declared !== undefined || (simCount > 0 && held.length === simCount);
  if (!complete) {
    const reason =
      given.sealed.length > 0
        ? "its selection is encrypted, and its devices are not all known: export the stack with --show-secrets"
        : "what it declares cannot be read: run `pulumi up` on the stack and export it again";
    throw new CommandError(`Fleet ${name} of ${stack}: ${reason}.`);
  }
  const numbers = Selection.ofList(held.flatMap(({ iccid }) => iccid ?? []));
  return {
    name,
    orgId: orgId ?? record.parse(given.known).orgId,
    selection: declared === undefined ? numbers : declared.union(numbers),
    held,
    lost,
    byDevicesAlone: declared === undefined && numbers.isEmpty,
  };
}

/** What cannot be used of a record counts as not there. */
const record = z.object({
  orgId: z.number().int().optional().catch(undefined),
  iccids: z.array(z.string().regex(/^\d+$/)).catch([]),
  deviceIds: z.array(z.number()).catch([]),
  linkIds: z.array(z.number()).catch([]),
  lost: z.array(z.string().regex(/^\d+$/)).catch([]),
  simCount: z.number().catch(0),
});

/** How Pulumi marks a secret in state (sdk/go/common/resource, `SigKey` and `SecretSig`). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

interface Opened {
  readonly known: Readonly<Record<string, unknown>>;
  /** Names of properties that are encrypted. */
  readonly sealed: readonly string[];
}

/** Secrets that were exported with `--show-secrets` are opened; others are left out and named. */
function opened(properties: Readonly<Record<string, unknown>>): Opened {
  const known: Record<string, unknown> = {};
  const sealed: string[] = [];
  for (const [key, value] of Object.entries(properties)) {
    if (!isRecord(value) || value[SIGNATURE] !== SECRET) known[key] = value;
    else if (typeof value.plaintext === "string") known[key] = JSON.parse(value.plaintext);
    else sealed.push(key);
  }
  return { known, sealed };
}
