import { claimsInDoubt, heldSims } from "../../fleet/model/record";
import type { Session } from "../host/session";
import { rowOf } from "../wire/hiddenInputs";
import type { FleetState } from "../wire/state";
import type { Props } from "../wire/values";

/**
 * The engine checks a replace twice: the first check has no record, the second has no old fleet. `diff` runs in between and
 * leaves for the second what the first could not see: which devices leave, and how many SIMs beyond the roll are on record
 * or may still be activated.
 */
export function tellRecord({ replaced, program }: Session, { record }: FleetState, news: Props): void {
  const { urn = "" } = rowOf(news);
  const former = replaced.get(urn);
  if (former === undefined) return;
  const [unseen, roll] = [new Set(former.unseen), new Set(former.roll)];
  const devices = heldSims(record).filter(({ iccid }) => unseen.has(iccid));
  const { declares } = program.inUpdate(urn);
  const known = new Set([...roll, ...record.sims.map(({ iccid }) => iccid)]);
  const beyond = record.sims.filter(({ iccid }) => !roll.has(iccid) && !declares(iccid)).length;
  const landing = perhapsLanding(record, (iccid) => !known.has(iccid));
  const { release } = former;
  replaced.set(urn, {
    ...former,
    devices: new Set(devices.map(({ deviceId }) => deviceId)),
    release: { ...release, count: release.count + beyond + landing },
  });
}

/** How many SIMs a claim in doubt may still bring. */
function perhapsLanding({ doubts, open }: FleetState["record"], isNew: (iccid: string) => boolean): number {
  const inDoubt = claimsInDoubt(doubts);
  if (inDoubt.isEmpty || open === undefined) return 0;
  const named = [...open.sims.activate].filter((iccid) => inDoubt.has(iccid) && isNew(iccid)).length;
  return named + (open.unnamed?.numbers.overlaps(inDoubt) ? open.unnamed.atMost : 0);
}
