import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { HeldSim } from "../../fleet/model/declaration";
import type { Props } from "./values";

/**
 * Held SIMs as one text, for a report with little room: the numbers lie near each other, so their differences are short
 * and repeat. 100,000 scattered ICCIDs with their ids take some 300 KB instead of 4.8 MB.
 */
export function packHeld(sims: readonly HeldSim[]): string {
  const columns = [
    differences(sims.map(({ iccid }) => BigInt(iccid))),
    differences(sims.map(({ deviceId }) => BigInt(deviceId))),
    differences(sims.map(({ linkId }) => BigInt(linkId))),
  ];
  return deflateRawSync(columns.join("\n")).toString("base64");
}

/** The SIMs of a report that had no room to name them in flat lists; undefined where it had. */
export function packedIn({ __packed }: Props): HeldSim[] | undefined {
  return typeof __packed === "string" ? unpackHeld(__packed) : undefined;
}

export function unpackHeld(text: string): HeldSim[] {
  const lines = inflateRawSync(Buffer.from(text, "base64")).toString().split("\n");
  const [iccids = [], deviceIds = [], linkIds = []] = lines.map(sums);
  return iccids.flatMap((iccid, i) => {
    const [deviceId, linkId] = [deviceIds[i], linkIds[i]];
    if (deviceId === undefined || linkId === undefined) return [];
    return [{ iccid: String(iccid), deviceId: Number(deviceId), linkId: Number(linkId) }];
  });
}

/** ICCIDs that version 1 packed under `__former`; undefined where the text is something else. */
export function unpackFormer(text: string | undefined): string[] | undefined {
  if (!text?.startsWith(FORMER_MARK)) return undefined;
  const steps = inflateRawSync(Buffer.from(text.slice(FORMER_MARK.length), "base64")).toString();
  return sums(steps).map(String);
}

const FORMER_MARK = "packed:";

function differences(values: readonly bigint[]): string {
  let last = 0n;
  return values
    .map((value) => {
      const step = value - last;
      last = value;
      return step;
    })
    .join(" ");
}

function sums(text: string): bigint[] {
  let last = 0n;
  return (text.match(/-?\d+/g) ?? []).map((step) => {
    last += BigInt(step);
    return last;
  });
}
