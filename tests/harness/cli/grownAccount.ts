/** An account as it has grown by hand: 5,000 SIMs on several plans, tagged, limited, paused, dead, with holes between. */
import { type Emulator, startEmulator } from "../../../provider/testing/emulator";
import { KEY, ORG, PLAN } from "../engine/fleetStack";

export const OTHER_ORG = 777;
const FOREIGN_ORG = 888;
export const PILOT = 75;
export const EUROPE = 3001;

/** A card of pack A, whose last digits are all the same; of pack B, in which every number is a card; of pack C. */
export const inA = (place: number): string => `${89445001021983048260n + 10n * BigInt(place)}`;
export const inB = (place: number): string => `${8944500102300000000n + BigInt(place)}`;
const inC = (place: number): string => `${89445001029000000018n + 10n * BigInt(place)}`;
const some = (of: (place: number) => string, from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => of(from + at));

export interface GrownAccount {
  readonly emulator: Emulator;
  /** What is active and runs. */
  readonly active: readonly string[];
  readonly pausedByHand: readonly string[];
}

export async function startGrownAccount(): Promise<GrownAccount> {
  const emulator = await startEmulator({
    account: {
      organizations: [
        { id: ORG, name: "Fleet Operations" },
        { id: OTHER_ORG, name: "Field Trials" },
        { id: FOREIGN_ORG, name: "Somebody Else" },
      ],
      keys: [{ key: KEY, role: "admin", orgIds: [ORG, OTHER_ORG] }],
      plans: [
        { id: PLAN, name: "Global Flat", zones: { global: "0.600000" } },
        { id: PILOT, name: "Pilot 1 MB", data: 1_000_000, zones: { global: "1.500000" } },
        { id: EUROPE, name: "Europe Pool", zones: { "Zone 1": "0.450000" } },
      ],
    },
    behaviour: { settleReads: 0 },
  });
  emulator.addPack({ first: inA(0), count: 2_000, step: 10 });
  // Not listed before they are activated: that nothing is listed between two numbers says nothing here.
  emulator.addPack({ first: inB(0), count: 2_500, listed: false });
  emulator.addPack({ first: inC(0), count: 500, step: 10, orgId: OTHER_ORG });

  const flat = { plan: PLAN, zone: "global", orgId: ORG };
  emulator.activateByHand(some(inA, 0, 1_000), flat);
  emulator.activateByHand(some(inA, 1_000, 1_400), { ...flat, overageLimit: 5_000_000, smsLimit: 50 });
  emulator.dashboard.tag(some(inA, 1_000, 1_400), "cold-chain");
  emulator.activateByHand(some(inA, 1_500, 1_800), { ...flat, plan: PILOT });
  emulator.dashboard.tag(some(inA, 1_500, 1_520), "cold-chain");
  emulator.dashboard.tag(some(inA, 1_500, 1_510), "Zürich / depot 7");
  const everyThird = some(inB, 0, 900).filter((_, place) => place % 3 === 0);
  emulator.activateByHand([...everyThird, ...some(inB, 1_000, 2_400)], flat);
  emulator.activateByHand(some(inC, 0, 400), { plan: EUROPE, zone: "Zone 1", orgId: OTHER_ORG });

  for (const iccid of some(inA, 200, 205)) emulator.setState(iccid, "DEAD");
  const pausedByHand = [...some(inA, 300, 312), inA(1_100), inC(50)];
  for (const iccid of pausedByHand) emulator.setState(iccid, "PAUSED-USER");
  for (const iccid of some(inA, 700, 702)) emulator.setState(iccid, "PAUSED-SYS");
  // eSIMs: one device each, with a second profile that has a link and a number of its own.
  for (const [place, iccid] of some(inA, 1_420, 1_424).entries()) {
    const profile = `${89881000000000000010n + BigInt(place)}`;
    emulator.activateByHand([iccid], flat);
    emulator.addProfile(iccid, { iccid: profile, state: place === 0 ? "INACTIVE" : "LIVE" });
  }
  // Between cards of this account, and out of its sight.
  for (const iccid of some(inA, 500, 503)) emulator.move(iccid, FOREIGN_ORG);
  const active = emulator.sims().filter(({ state, orgId, iccid, profileOf }) => {
    const isRunning = state === "LIVE" || state === "PAUSED-SYS";
    return isRunning && orgId !== FOREIGN_ORG && profileOf === undefined && !pausedByHand.includes(iccid);
  });
  return { emulator, active: active.map(({ iccid }) => iccid), pausedByHand };
}
