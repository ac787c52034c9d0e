/** The whole account at a glance, walked once for every change of it. */
import type { Account } from "../../account/emulatedAccount";
import type { Judgement } from "../../account/judge";
import type { Pack } from "../../account/pack";
import type { Emulator } from "../../contract";

export interface Overview {
  readonly sims: number;
  /** Number of SIMs in each state, the most frequent first. */
  readonly states: ReadonlyMap<string, number>;
  readonly packs: readonly PackGlance[];
  readonly judgement: Judgement;
}

/** A pack as a row of cells; each is one card, or as many neighbours as it takes to keep the picture small. */
export interface PackGlance {
  readonly first: string;
  readonly last: string;
  readonly count: number;
  readonly step: number;
  readonly orgId: number;
  readonly listed: boolean;
  readonly cardsInACell: number;
  /** Of a cell's cards the state of the most. */
  readonly cells: readonly string[];
}

const CELLS_AT_MOST = 1000;

/** Walks the account when something has changed since it was last asked, else not. */
export class OverviewReader {
  #kept: Overview | undefined;

  readonly #account: Account;
  readonly #emulator: Pick<Emulator, "judgement">;

  constructor(account: Account, emulator: Pick<Emulator, "judgement">) {
    this.#account = account;
    this.#emulator = emulator;
  }

  /** Something has changed. */
  forget(): void {
    this.#kept = undefined;
  }

  read(): Overview {
    if (this.#kept !== undefined) return this.#kept;
    const states = new Map<string, number>();
    let moving = false;
    const packs = this.#account.inventory.packs.map((pack) => {
      const glance = this.#glance(pack, states);
      moving ||= glance.moving;
      return glance.pack;
    });
    const overview: Overview = {
      sims: packs.reduce((sum, pack) => sum + pack.count, 0),
      states: new Map([...states].sort(([, a], [, b]) => b - a)),
      packs,
      judgement: this.#emulator.judgement(),
    };
    // A state that is on its way settles by the clock, and nobody says so.
    if (!moving) this.#kept = overview;
    return overview;
  }

  #glance(pack: Pack, states: Map<string, number>): { pack: PackGlance; moving: boolean } {
    const cardsInACell = Math.ceil(pack.count / CELLS_AT_MOST);
    const cells: string[] = [];
    let moving = false;
    for (let from = 0; from < pack.count; from += cardsInACell) {
      const cell = new Map<string, number>();
      for (let index = from; index < Math.min(from + cardsInACell, pack.count); index += 1) {
        const row = pack.touchedRow(index);
        const state = row === undefined ? "INACTIVE" : this.#account.stateOf(row);
        moving ||= row?.pending !== undefined;
        cell.set(state, (cell.get(state) ?? 0) + 1);
      }
      for (const [state, count] of cell) states.set(state, (states.get(state) ?? 0) + count);
      cells.push([...cell].reduce((most, each) => (each[1] > most[1] ? each : most))[0]);
    }
    const { first, count, step, orgId, listed } = pack;
    const last = pack.iccidAt(count - 1);
    return { pack: { first, last, count, step, orgId, listed, cardsInACell, cells }, moving };
  }
}
