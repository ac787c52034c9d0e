/** What every level of the crash campaign has in common: how it is asked for, and what it reports. */

/** Where the provider runs: in this process, under the embedded engine, under the real one. */
export type Level = "provider" | "embedded" | "real";

export interface CampaignOptions {
  readonly runs: number;
  /** Everything random comes from it: the same seed gives the same campaign. */
  readonly seed: number;
  /** Of one run, as a failure printed it: only that run is done again. */
  readonly path?: string;
  /** Called now and then with a line for people. */
  readonly progress?: (line: string) => void;
}

/** What a campaign came to, in figures of what the emulated account saw. */
export interface Tally {
  readonly level: Level;
  readonly runs: number;
  readonly commands: number;
  /** Faults that were played on requests. */
  readonly faults: number;
  /** Things that people did by hand, and edits apart. */
  readonly deeds: number;
  /** Times that a process died, or was told to stop, in the middle of its work. */
  readonly crashes: number;
  /** Those in which a claim was on its way, or its answer lost; where that can be told. */
  readonly crashesInDoubt?: number;
  /** How often each kind of them, in words; where there are several. */
  readonly deaths?: Readonly<Record<string, number>>;
  /** Changes that no preview told: purchases, adoptions, resumes, other terms, releases. */
  readonly untold: number;
  /** SIMs that a claim named again while an earlier claim of them was in doubt, or had been carried out. */
  readonly doubleClaims: number;
  readonly doubleCharges: number;
  /** SIMs that were charged for, and stand in no record, and were never named to the user. */
  readonly outOfSight: number;
  /** Runs that were not quiet after the faults had ended. */
  readonly notConverged: number;
  /** Commits that landed only after the next run had read back: reported apart, no package can see them coming. */
  readonly landedLate: number;
  readonly failures: readonly Failure[];
}

export interface Failure {
  /** What went wrong, in a sentence. */
  readonly what: string;
  /** The command that does this one run again. */
  readonly replay: string;
  /** The smallest story found that fails in the same way, readable. */
  readonly story: string;
}
