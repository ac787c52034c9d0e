/** The script of faults: which requests go wrong, and how. */

/** What goes wrong with a request. `commit` tells whether its work was done before it failed. */
export type Fault =
  /**
   * These SIMs are refused, with the reason: in claims and previews, and as warnings in changes. For this request,
   * `rest` and `status` stand in for `behaviour.partialClaims` and `behaviour.failureStatus`.
   */
  | {
      readonly kind: "refuse";
      readonly iccids: readonly string[];
      readonly reason: string;
      readonly rest?: "claimed" | "left";
      readonly status?: 200 | 400;
    }
  /** A claim lands in this organization, whatever it names. */
  | { readonly kind: "otherOrganization"; readonly orgId: number }
  /** This status, in place of the answer; the request is carried out only with `commit`. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      readonly commit?: boolean;
    }
  /** 429, not carried out. `retryAfter` in seconds. */
  | { readonly kind: "rateLimit"; readonly retryAfter?: number }
  /** Carried out at once, answered after this time by the clock. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** The socket is destroyed, before or after the commit. */
  | { readonly kind: "drop"; readonly commit: boolean }
  /** Carried out; the answer breaks off in the middle. */
  | { readonly kind: "halfBody"; readonly commit: true }
  /** A page of HTML from something that stands before the API. */
  | { readonly kind: "html"; readonly status: number; readonly commit: boolean }
  /** Status 200 and nothing else. */
  | { readonly kind: "empty"; readonly commit: boolean }
  /** Carried out; the answer leaves out the last `drop` SIMs. */
  | { readonly kind: "wrongCount"; readonly drop: number }
  /** Carried out; the answer names these SIMs too. */
  | { readonly kind: "extraSims"; readonly iccids: readonly string[] }
  /** The socket is destroyed (or, with `hang`, left open without an answer); the request is carried out this much later. */
  | { readonly kind: "lateCommit"; readonly milliseconds: number; readonly hang?: boolean }
  /** Held until `release`, and carried out then; with `commit` it is carried out at once and only the answer is held. */
  | { readonly kind: "hold"; readonly commit?: boolean }
  /** Reads show this state for every active SIM; changes leave their SIMs in it. */
  | { readonly kind: "unknownState"; readonly state: string };

/** A rule applies to the requests that match everything it names. */
export interface FaultRule {
  readonly method?: string;
  /** Beginning of the path below the base path, or an expression for it. */
  readonly path?: string | RegExp;
  /** Only requests with the preview flag, or only those without. */
  readonly preview?: boolean;
  /** Of the matching requests only this one, counted from 1, or these, both included. */
  readonly nth?: number | { readonly from: number; readonly to?: number };
  /** Chance from 0 to 1, drawn from the emulator's seed. */
  readonly probability?: number;
  readonly fault: Fault;
}

/** A rule that is in force, and how often it was met. */
export interface PlantedFault {
  readonly rule: FaultRule;
  /** Requests that matched. */
  matched: number;
  /** Requests that it was played on. */
  played: number;
}

/** The script of faults: rules by which requests go wrong. */
export interface Faults {
  /** Plants a rule; the first rule that applies to a request is played. */
  add(rule: FaultRule): void;
  /** Takes all rules away. */
  clear(): void;
  /** Rules in force, in the order in which they are tried. */
  list(): readonly PlantedFault[];
  /** Lets every held request go on. */
  release(): void;
  /** How many requests are held. */
  readonly held: number;
}

export interface Target {
  readonly method: string;
  readonly path: string;
  readonly preview: boolean;
}

export class FaultScript implements Faults {
  #planted: PlantedFault[] = [];
  #waiting: (() => void)[] = [];
  readonly #random: () => number;

  readonly #changed: () => void;

  /** `changed` is called when the rules have changed, or the count of one. */
  constructor(seed: number, changed: () => void) {
    this.#changed = changed;
    this.#random = mulberry32(seed);
  }

  add(rule: FaultRule): void {
    this.#planted.push({ rule, matched: 0, played: 0 });
    this.#changed();
  }

  clear(): void {
    this.#planted = [];
    this.#changed();
  }

  list(): readonly PlantedFault[] {
    return this.#planted;
  }

  load(planted: readonly PlantedFault[]): void {
    this.#planted = [...planted];
  }

  release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  get held(): number {
    return this.#waiting.length;
  }

  /** Resolves at the next `release`. */
  hold(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The fault to play on a request. Every rule that matches counts it; the first that applies is played. */
  pick(target: Target): Fault | undefined {
    let picked: Fault | undefined;
    for (const planted of this.#planted) {
      if (!matches(planted.rule, target)) continue;
      planted.matched += 1;
      this.#changed();
      if (picked !== undefined || !this.#applies(planted)) continue;
      planted.played += 1;
      picked = planted.rule.fault;
    }
    return picked;
  }

  #applies({ rule: { nth, probability }, matched }: PlantedFault): boolean {
    const { from, to = Number.POSITIVE_INFINITY } =
      typeof nth === "number" ? { from: nth, to: nth } : (nth ?? { from: 1 });
    if (matched < from || matched > to) return false;
    return probability === undefined || this.#random() < probability;
  }
}

function matches({ method, path, preview }: FaultRule, target: Target): boolean {
  if (method !== undefined && method.toUpperCase() !== target.method) return false;
  if (preview !== undefined && preview !== target.preview) return false;
  if (path === undefined) return true;
  return typeof path === "string" ? target.path.startsWith(path) : target.path.search(path) !== -1;
}

/** Small, seeded, and good enough for a script of faults. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
