import { pack } from "./packed";
import { type Plain, type PlainObject, type Props, plain } from "./values";

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

/**
 * The payload travels in a gRPC header. Above 8 KB clients may refuse it, and the real engine lost the whole state
 * over one too large: then the lists are left out, and the next operation reads them back.
 */
const MOST_BYTES = 7_500;

export function partialFailure(
  id: string,
  inputs: Props,
  outs: PlainObject,
  reasons: string[],
): PartialFailure {
  const provider = plain({ __provider: inputs.__provider });
  const complete = { ...outs, ...provider };
  if (sizeOf(complete, reasons) <= MOST_BYTES) return new PartialFailure(id, complete, reasons);
  for (const properties of shortened(complete)) {
    if (sizeOf(properties, reasons) <= MOST_BYTES) return new PartialFailure(id, properties, reasons);
  }
  return new PartialFailure(id, shortened(complete).at(-1) ?? {}, reasons.slice(0, 1));
}

/**
 * Without the lists, shorter and shorter: with the ICCIDs packed, where no range tells in which numbers to look for what
 * is held; without them; and without what is lost.
 */
export function shortened(outs: PlainObject): PlainObject[] {
  const { iccids, deviceIds: _deviceIds, linkIds: _linkIds, ...small } = outs;
  const isRange = [outs.__former, outs.simRange, outs.eidRange].some((text) => text !== undefined);
  const packed = isRange || !isTexts(iccids) ? [] : [{ ...small, __former: pack(iccids) }];
  return [...packed, small, { ...small, lost: [] }];
}

function isTexts(value: Plain | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** Bytes of the header, roughly: protobuf of these values is about as long as their JSON. */
function sizeOf(properties: PlainObject, reasons: readonly string[]): number {
  return Buffer.byteLength(JSON.stringify([properties, reasons]));
}
