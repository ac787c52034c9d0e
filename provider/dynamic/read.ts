import type { Account } from "../fleet/account";
import type { Held, HeldSim } from "../fleet/declaration";
import { FleetError, nameSome } from "../fleet/errors";
import { countOfSims } from "../fleet/money";
import { asHeld, readDeclared, readDevices } from "../fleet/observe";
import { ascendingUnique, compareNumbers } from "../fleet/selection";
import { isBilled, standingOf } from "../fleet/simState";
import type { RowReporter } from "./progress";
import type { Session } from "./session";
import { readState } from "./state";
import { NOT_OURS } from "./update";
import { type PlainObject, type Props, plain } from "./values";

export interface ReadResult {
  readonly id: string;
  readonly props: PlainObject;
}

/**
 * Reads the fleet by device id, not by ICCID: on eSIMs the printed ICCID can vanish. Never clears the resource: SIMs
 * that are gone become `lost`, even all of them. A refresh right after an `up` shows nothing.
 */
export async function read(
  session: Session,
  id: string,
  props: Props,
  report: RowReporter,
): Promise<ReadResult> {
  const state = readState(props);
  if (state === undefined) throw new FleetError(NOT_OURS);
  const account = await session.account(session.settings(), state.orgId, report);
  const found = await readHeld(account, state.held);
  if (found === undefined) return { id, props: plain(props) };

  const { sims, gone } = found;
  const known = new Set(state.held.lost);
  const fresh = gone.filter((iccid) => !known.has(iccid));
  if (fresh.length > 0) {
    report.warn(`${countOfSims(fresh.length)} lost (deactivated, or moved away): ${nameSome(fresh)}`);
  }
  const outs = {
    ...props,
    iccids: sims.map((sim) => sim.iccid),
    deviceIds: sims.map((sim) => sim.deviceId),
    linkIds: sims.map((sim) => sim.linkId),
    simCount: sims.length,
    lost: ascendingUnique([...known, ...gone]),
  };
  return { id, props: plain(outs) };
}

interface Found {
  readonly sims: readonly HeldSim[];
  readonly gone: readonly string[];
}

/** Undefined where the record tells neither the SIMs nor a range in which to look for them. */
async function readHeld(
  account: Account,
  held: Exclude<Held, { kind: "declared" }>,
): Promise<Found | undefined> {
  if (held.kind === "counted") {
    if (held.former === undefined) return undefined;
    const shown = await readDeclared(account, held.former);
    const sims = [...shown.values()].filter((sim) => isBilled(standingOf(sim))).flatMap(asHeld);
    return { sims: sims.sort((a, b) => compareNumbers(a.iccid, b.iccid)), gone: [] };
  }
  const there = new Set<number>();
  let unseen = held.sims;
  if (held.former?.form === "range") {
    for await (const sim of account.simsInRange(held.former.first, held.former.last)) {
      if (sim.deviceId !== undefined && standingOf(sim) !== "dead") there.add(sim.deviceId);
    }
    unseen = held.sims.filter((sim) => !there.has(sim.deviceId));
  }
  if (unseen.length > 0) {
    for (const [deviceId, sim] of await readDevices(account, unseen)) {
      if (standingOf(sim) !== "dead") there.add(deviceId);
    }
  }
  const sims = held.sims.filter((sim) => there.has(sim.deviceId));
  return { sims, gone: held.sims.filter((sim) => !there.has(sim.deviceId)).map((sim) => sim.iccid) };
}
