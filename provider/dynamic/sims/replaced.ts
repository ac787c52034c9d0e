import { claimsInDoubt, heldSims } from "../../fleet/model/record";
import type { Session } from "../host/session";
import { hiddenInputsOf } from "../wire/hiddenInputs";
import type { FleetState } from "../wire/state";
import type { Props } from "../wire/values";

/**
 * Between the two checks of a replace, the first of which knows no record and the second no fleet to be replaced: which
 * devices leave, and what is on record or may be landing beyond the roll.
 */
export function tellRecord({ replaced, program }: Session, { record }: FleetState, news: Props): void {
  const { urn = "" } = hiddenInputsOf(news, undefined);
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
