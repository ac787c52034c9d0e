import type { DeclaredSims } from "../../fleet/model/declaration";
import { eidsOf, listOf, rangeOf } from "../../fleet/model/declaration";
import { messageOf } from "../../fleet/model/fleetErrors";
import type { Amount } from "../../fleet/model/journal";
import { parseRange } from "../../fleet/numbers/range";
import { Declarations, type Program, type Shared } from "../../fleet/run/declaredSims";
import { CommandNotes, type Note, phaseOf } from "../../journal/commandNotes";
import { EID } from "../inputs/simNumbers";

/**
 * What this process knows of the whole program: the fleets that were checked in it, and what the program itself and
 * other provider processes of the same command have noted (`journal/commandNotes`).
 */
export class CommandProgram {
  readonly #declarations = new Declarations();
  /** Those that were checked here. Each account has a process of its own, and may have cards of the same numbers. */
  readonly #checked = new Declarations();
  readonly #notes: CommandNotes | undefined;
  readonly #phases = new Map<string, CommandNotes>();
  readonly #told = new Map<string, unknown[]>();
  /** As other processes of the command have noted them. */
  readonly #noted = new Map<string, Amount>();
  /** As they were counted here: newer than any note. */
  readonly #counted = new Map<string, Amount>();
  readonly #unknown = new Set<string>();
  readonly #ended = new Set<boolean>();
  #isAnnounced = false;
  /** The command's notes name the phase of this process. */
  #isLinked = false;

  readonly #folder: string;
  readonly #engineAddress: string | undefined;
  readonly #begunAtMs: number;

  /** `begunAtMs`: when the command began, where that is known. */
  constructor(
    folder: string,
    command: string | undefined,
    engineAddress: string | undefined,
    begunAtMs: number = Number.NEGATIVE_INFINITY,
  ) {
    this.#folder = folder;
    this.#engineAddress = engineAddress;
    this.#begunAtMs = begunAtMs;
    this.#notes = command === undefined ? undefined : new CommandNotes(folder, command);
  }

  /** A fleet is checked in this process. `iccids`: those of a declaration by EIDs, as far as they are known. */
  declare(urn: string, sims: DeclaredSims, iccids: readonly string[] = []): void {
    this.#declarations.declare(urn, sims, iccids);
    this.#checked.declare(urn, sims, iccids);
  }

  /** Another fleet of the program, checked before, that declares one of these SIMs. */
  sharedBy(urn: string, sims: DeclaredSims, iccids: readonly string[]): Shared | undefined {
    return this.#checked.sharedBy(urn, sims, iccids);
  }

  /**
   * What the preview phase of this command told of a fleet, in its stored form: a replace is checked twice. Undefined
   * where there was none.
   */
  told(urn: string): readonly unknown[] | undefined {
    this.#read();
    return this.#told.get(urn);
  }

  /**
   * Leaves what `check` told for the update phase of the same command, and for the caps of other fleets. Why it could not,
   * where that is so.
   */
  tell(urn: string, approval: unknown, counts: Amount): string | undefined {
    this.count(urn, counts);
    return this.#write({ kind: "told", urn, approval, counts });
  }

  /** What a fleet is about to do, told or open already: the caps hold for all fleets together. */
  count(urn: string, counts: Amount): void {
    this.#counted.set(urn, counts);
  }

  /** What the other fleets of this command are about to do, as far as it was told. */
  othersTold(urn: string): Amount[] {
    this.#read();
    const all = new Map([...this.#noted, ...this.#counted]);
    return [...all].filter(([other]) => other !== urn).map(([, counts]) => counts);
  }

  /** The program as one of its fleets sees it, in an update: the preview phase has to have seen all of it. */
  inUpdate(urn: string): Program {
    this.#read();
    return this.#view(this.#declarations.isAlone(urn), () => this.#ended.has(true) && !this.#hasUnknown());
  }

  /**
   * The same for a delete. Deletes come when the program has ended; only `--target`, `--exclude` and
   * `deleteBeforeReplace` are otherwise. `destroy` runs no program, and releases what it names.
   */
  inDelete(): Program {
    this.#read();
    // A replace declares the same devices, perhaps under other ICCIDs, with the same URN.
    return this.#view(this.#declarations.isEmpty, () => {
      if (!this.#isAnnounced && this.#checked.isEmpty) return true;
      return this.#ended.size > 0 && !this.#hasUnknown();
    });
  }

  #view(isAlone: boolean, isWhole: () => boolean): Program {
    const declarations = this.#declarations;
    return {
      declares: (number) => declarations.declares(number),
      isAlone,
      isWhole: () => {
        this.#read();
        return isWhole();
      },
    };
  }

  #hasUnknown(): boolean {
    return this.#unknown.size > 0;
  }

  #write(note: Note): string | undefined {
    try {
      if (this.#notes === undefined) return undefined;
      if (!this.#isLinked && this.#engineAddress !== undefined) {
        this.#notes.write({ kind: "see", command: phaseOf(this.#engineAddress) });
        this.#isLinked = true;
      }
      this.#notes.write(note);
      return undefined;
    } catch (error) {
      // Then nothing is known of the whole program: nothing is paused or deactivated within an update.
      return messageOf(error);
    }
  }

  #read(): void {
    if (this.#engineAddress !== undefined) this.#phase(phaseOf(this.#engineAddress));
    for (const note of this.#notes?.readNew() ?? []) this.#take(note);
    for (const notes of this.#phases.values()) {
      for (const note of notes.readNew()) if (!this.#isOlder(note)) this.#take(note);
    }
  }

  /** Of another command, whose engine had the same address. */
  #isOlder(note: Note): boolean {
    return "atMs" in note && note.atMs < this.#begunAtMs - CLOCK_STEP_MS;
  }

  #phase(name: string): void {
    if (!this.#phases.has(name)) this.#phases.set(name, new CommandNotes(this.#folder, name));
  }

  #take(note: Note): void {
    switch (note.kind) {
      case "fleet":
        this.#announce(note);
        break;
      case "end":
        this.#ended.add(note.isPreview);
        break;
      case "told":
        this.#told.set(note.urn, [...(this.#told.get(note.urn) ?? []), note.approval]);
        this.#noted.set(note.urn, note.counts);
        break;
      case "see":
        this.#phase(note.command);
    }
  }

  #announce({ urn, sims, isPreview }: Extract<Note, { kind: "fleet" }>): void {
    this.#isAnnounced = true;
    // A program may come to its end, and go on from there.
    this.#ended.delete(isPreview);
    const key = `${isPreview} ${urn}`;
    if (sims === undefined) {
      this.#unknown.add(key);
      return;
    }
    this.#unknown.delete(key);
    const declared = declaredIn(sims);
    if (declared !== undefined) this.#declarations.declare(urn, declared);
  }
}

/** Systems tell when a process began in whole seconds, or nearly. */
const CLOCK_STEP_MS = 2_000;

function declaredIn(sims: string | readonly string[]): DeclaredSims | undefined {
  try {
    if (typeof sims !== "string") return listOf(sims.filter((each) => /^\d+$/.test(each)));
    const range = parseRange(sims);
    if (range === undefined) return undefined;
    const { first, last } = range;
    return EID.pattern.test(first) ? eidsOf(first, last) : rangeOf(first, last);
  } catch {
    return undefined;
  }
}
