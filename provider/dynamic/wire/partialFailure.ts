import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { HeldSim } from "../../fleet/model/declaration";
import { packHeld } from "./packed";
import { providerTextIn } from "./registration";
import { type PlainObject, type Props, plain } from "./values";

/**
 * An operation that ended part-way. The engine keeps `properties` as the outputs and shows `reasons`; without
 * `__provider` among them the resource could never be read or deleted again (pulumi/pulumi, cmd/dynamic-provider).
 */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";

  constructor(
    readonly id: string,
    readonly properties: PlainObject,
    readonly reasons: string[],
  ) {
    super(reasons[0] ?? "not done");
  }
}

/** How far an operation came. */
export interface PartWay {
  /** The new inputs. */
  readonly inputs: Props;
  readonly outs: PlainObject;
  readonly sims: readonly HeldSim[];
  readonly reasons: string[];
}

/**
 * The report travels in a gRPC trailer. On the real engine 12 MB arrived and 14 MB lost the resource, so it is kept
 * under 4 MB on the wire: every SIM is in it, packed where the flat lists have no room.
 */
export function partialFailure(id: string, { inputs, outs, sims, reasons }: PartWay): PartialFailure {
  const complete = { ...outs, ...plain(providerTextIn(inputs)) };
  if (sims.length <= FLAT_SIMS && wireBytes(complete) <= mostBytes()) {
    return new PartialFailure(id, complete, reasons);
  }
  const { iccids: _iccids, deviceIds: _deviceIds, linkIds: _linkIds, ...others } = complete;
  return new PartialFailure(id, { ...others, __packed: packHeld(sims) }, reasons);
}

/** Bytes of the properties on the wire: protobuf, as base64, because trailers with details are binary headers. */
function wireBytes(properties: PlainObject): number {
  const struct = Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
  return Math.ceil((struct.serializeBinary().length * 4) / 3);
}

/** Above this the flat lists cannot fit: a SIM takes 48 bytes in three of them, 64 on the wire. */
const FLAT_SIMS = 60_000;
const MOST_BYTES = 4_000_000;

/** An engine that can take less says so: the embedded one is a Node client, whose HTTP/2 takes 64 KB in one header. */
function mostBytes(): number {
  const said = Number(process.env.PULUMI_HOLOGRAM_MOST_REPORT_BYTES);
  return said > 0 ? Math.min(said, MOST_BYTES) : MOST_BYTES;
}
