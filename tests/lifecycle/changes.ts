/** Every change of a program that the diff knows, each with what it must lead to and the requests it may make. */
import { card, cards, type FleetStack, PLAN, range } from "../harness/engine/fleetStack";
import type { Fleet } from "../harness/programs/declaredFleets";
import { newTag } from "../harness/provider/providerTerms";

/** One change of the program, or of the world, and the `up` that follows. */
export interface Change {
  readonly what: string;
  /** All fleets that the program declares from now on. Default: as before. */
  readonly fleets?: readonly Fleet[];
  /** Happens in the account first. */
  readonly world?: (fleets: FleetStack) => void;
  /** A refresh comes before the `up`. */
  readonly refreshes?: true;
  /** What becomes of the fleets, `<operation> <name>` for each that does not stay as it is; or how it is refused. */
  readonly result: readonly string[] | RegExp;
  /** In order. Neighbouring reads are counted together. */
  readonly requests: readonly string[];
  /** What the user reads, besides. */
  readonly says?: RegExp;
}

/** Changes that follow one another on one stack. */
export interface Chain {
  readonly name: string;
  readonly changes: (tags: Tags) => readonly Change[];
}

/** Ids of two tags of the account. */
export interface Tags {
  readonly blue: number;
  readonly green: number;
}

export async function makeTags({ emulator }: FleetStack): Promise<Tags> {
  return { blue: await newTag(emulator, "blue"), green: await newTag(emulator, "green") };
}

const OTHER_PLAN = 75;
const EID = 89044045000000000000000000000001n;
/** The account's SIMs: these cards, which are eSIMs at once. */
export const PACK = { first: card(0), count: 40, step: 10, eids: `${EID}` };
/** A second plan with a second zone. */
export const PLANS = [
  { id: PLAN, name: "Global Flat", zones: { global: "0.600000" } },
  { id: OTHER_PLAN, name: "Pilot 1 MB", zones: { global: "1.500000", us: "1.000000" } },
];

const fleet = (args: object, options: object = {}): Fleet => ({
  name: "fleet",
  args: { plan: PLAN, ...args },
  options,
});
const esims: Fleet = { name: "esims", args: { plan: PLAN, eidRange: `${EID}-${EID + 9n}` } };
const begin = (args: object, requests: readonly string[]): Change => ({
  what: "the beginning",
  fleets: [fleet(args)],
  result: ["create fleet"],
  requests,
});

/** What a preview of a range, the `check` of its update and the update itself read before they change what is there. */
const LOOKED = ["3 reads", "4 × preview of a range", "3 reads", "4 × preview of a range", "2 reads"] as const;

/** More SIMs, or fewer, or the same ones named otherwise. */
const selection: Chain = {
  name: "the selection",
  changes: () => [
    begin({ simRange: range(0, 10) }, [
      "3 reads",
      "preview of a range",
      "4 reads",
      "preview of a range",
      "3 reads",
      "preview of 10 SIMs",
      "claim of 10 SIMs",
      "1 read",
    ]),
    {
      what: "the range is written as the list of its SIMs, in another order and with repetitions",
      fleets: [fleet({ sims: [...cards(0, 10).reverse(), ...cards(2, 5)] })],
      result: [],
      requests: ["6 reads"],
    },
    {
      what: "the list is written as the range again",
      fleets: [fleet({ simRange: range(0, 10) })],
      result: [],
      requests: ["3 reads", "4 × preview of a range", "3 reads", "4 × preview of a range"],
    },
    {
      what: "the range is wider, and holds no further SIM",
      fleets: [fleet({ simRange: `${BigInt(card(0)) - 9n}-${BigInt(card(10)) - 1n}` })],
      result: ["update fleet"],
      requests: ["3 reads", "4 × preview of a range", "3 reads", "4 × preview of a range", "2 reads"],
    },
    {
      what: "SIMs are added",
      fleets: [fleet({ simRange: range(0, 15) })],
      result: ["update fleet"],
      requests: [
        "3 reads",
        "preview of 5 SIMs",
        "4 reads",
        "preview of 5 SIMs",
        "3 reads",
        "preview of 5 SIMs",
        "claim of 5 SIMs",
        "1 read",
      ],
    },
    {
      what: "SIMs leave (onRelease: keep, the default)",
      fleets: [fleet({ simRange: range(0, 12) })],
      result: ["update fleet"],
      requests: ["4 reads", "4 × preview of a range", "4 reads", "4 × preview of a range", "2 reads"],
      says: /3 SIMs stay active and billed \(onRelease: keep\)/,
    },
    {
      what: "SIMs leave, and onRelease changes in the same edit: the one on record counts",
      fleets: [fleet({ simRange: range(0, 10), onRelease: "pause" })],
      result: ["update fleet"],
      requests: ["4 reads", "4 × preview of a range", "4 reads", "4 × preview of a range", "2 reads"],
      says: /2 SIMs stay active and billed \(onRelease: keep\)/,
    },
    {
      what: "some are added, some leave (onRelease: pause)",
      fleets: [fleet({ simRange: range(5, 20), onRelease: "pause" })],
      result: ["update fleet"],
      requests: [
        "4 reads",
        "preview of 5 SIMs",
        "5 reads",
        "preview of 5 SIMs",
        "3 reads",
        "preview of 5 SIMs",
        "claim of 5 SIMs",
        "1 read",
        "state of 5 SIMs",
      ],
    },
    {
      what: "what was released comes back",
      fleets: [fleet({ simRange: range(0, 20), onRelease: "pause" })],
      result: ["update fleet"],
      requests: [...LOOKED, "state of 5 SIMs"],
    },
  ],
};

/** A selection that has nothing in common with the one before, or names the SIMs otherwise. */
const another: Chain = {
  name: "another selection",
  changes: () => [
    begin({ simRange: range(0, 20), onRelease: "pause" }, [
      "3 reads",
      "preview of a range",
      "4 reads",
      "preview of a range",
      "3 reads",
      "preview of 20 SIMs",
      "claim of 20 SIMs",
      "1 read",
    ]),
    {
      what: "protect is set",
      fleets: [fleet({ simRange: range(0, 20), onRelease: "pause" }, { protect: true })],
      result: [],
      requests: [],
    },
    {
      what: "nothing is shared, and protect is set",
      fleets: [fleet({ simRange: range(20, 30), onRelease: "pause" }, { protect: true })],
      result: /protect/,
      requests: ["4 reads", "preview of a range", "3 reads", "preview of a range", "1 read"],
    },
    {
      what: "SIMs leave, and protect is set: that stops no shrink",
      fleets: [fleet({ simRange: range(0, 10), onRelease: "pause" }, { protect: true })],
      result: ["update fleet"],
      requests: [
        "4 reads",
        "4 × preview of a range",
        "4 reads",
        "4 × preview of a range",
        "2 reads",
        "state of 10 SIMs",
      ],
    },
    {
      what: "nothing is shared: claims first, releases after",
      fleets: [fleet({ simRange: range(20, 30), onRelease: "pause" })],
      result: ["create-replacement fleet", "replace fleet", "delete-replaced fleet"],
      requests: [
        "4 reads",
        "preview of a range",
        "3 reads",
        "preview of a range",
        "5 reads",
        "preview of a range",
        "3 reads",
        "preview of a range",
        "3 reads",
        "preview of 10 SIMs",
        "claim of 10 SIMs",
        "3 reads",
        "state of 10 SIMs",
      ],
    },
    {
      what: "back to the first SIMs, with the default of onRelease",
      fleets: [fleet({ simRange: range(0, 10) })],
      result: ["create-replacement fleet", "replace fleet", "delete-replaced fleet"],
      requests: [
        "4 reads",
        "4 × preview of a range",
        "2 reads",
        "4 × preview of a range",
        "4 reads",
        "4 × preview of a range",
        "2 reads",
        "4 × preview of a range",
        "2 reads",
        "state of 10 SIMs",
        "2 reads",
        "state of 10 SIMs",
      ],
    },
    {
      what: "ICCIDs become the EIDs of the same cards",
      fleets: [{ ...esims, name: "fleet" }],
      result: /the same cards under another name/,
      requests: [],
    },
    {
      what: "instead: a second resource declares the EIDs …",
      fleets: [fleet({ simRange: range(0, 10) }), esims],
      result: ["create esims"],
      requests: ["8 reads"],
    },
    {
      what: "… and then the first is removed",
      fleets: [esims],
      result: ["delete fleet"],
      requests: [],
    },
  ],
};

/** What the SIMs are to be, and how the provider goes about it. */
const terms: Chain = {
  name: "the terms",
  changes: ({ blue, green }) => {
    const declared = { simRange: range(0, 10), overageLimit: 5_000, tagId: blue };
    const moved = { ...declared, plan: OTHER_PLAN };
    const zoned = { ...moved, zone: "us" };
    const limited = { ...zoned, overageLimit: 9_000, threshold: 8_000, smsLimit: 20 };
    const tagged = { ...limited, tagId: green };
    const { threshold: _none, tagId: _no, ...rest } = tagged;
    const quiet = { onRelease: "pause", adopt: "always", expectedSims: 10, waitForLiveSeconds: 60 };
    const last = { ...rest, ...quiet, invalidatePreflightSims: true };
    return [
      begin(declared, [
        "3 reads",
        "preview of a range",
        "4 reads",
        "preview of a range",
        "3 reads",
        "preview of 10 SIMs",
        "claim of 10 SIMs",
        "1 read",
      ]),
      {
        what: "plan",
        fleets: [fleet(moved)],
        result: ["update fleet"],
        requests: [...LOOKED, "changeplan of 10 SIMs", "1 read", "usagelimit of 10 SIMs", "1 read"],
      },
      {
        what: "zone",
        fleets: [fleet(zoned)],
        result: ["update fleet"],
        requests: [...LOOKED, "changeplan of 10 SIMs", "1 read", "usagelimit of 10 SIMs", "1 read"],
      },
      {
        what: "zone, spelled otherwise",
        fleets: [fleet({ ...zoned, zone: "US" })],
        result: [],
        requests: [],
      },
      {
        what: "overageLimit, threshold, smsLimit",
        fleets: [fleet(limited)],
        result: ["update fleet"],
        requests: [...LOOKED, "usagelimit of 10 SIMs", "1 read"],
      },
      {
        what: "tagId",
        fleets: [fleet(tagged)],
        result: ["update fleet"],
        requests: ["3 reads", "link of 10 SIMs", "unlink of 10 SIMs"],
      },
      {
        what: "threshold and tagId are removed: a limit is left as it is, a tag is taken off",
        fleets: [fleet(rest)],
        result: ["update fleet"],
        requests: ["3 reads", "unlink of 10 SIMs"],
        says: /threshold is no longer declared: the SIMs keep the value they have/,
      },
      {
        what: "orgId",
        fleets: [fleet({ ...rest, orgId: 4711 })],
        result: /SIMs move between organizations by a transfer/,
        requests: [],
      },
      {
        what: "adopt, onRelease, expectedSims, waitForLiveSeconds, invalidatePreflightSims",
        fleets: [fleet(last)],
        result: ["update fleet"],
        requests: [],
      },
      {
        what: "prices",
        world: ({ emulator }) =>
          emulator.addPlan({ id: OTHER_PLAN, name: "Pilot 1 MB", zones: { us: "9.000000" } }),
        result: [],
        requests: [],
      },
    ];
  },
};

/** What is not as the program says, although the program did not change. */
const world: Chain = {
  name: "the world",
  changes: () => [
    {
      what: "the beginning, where 2 of 10 SIMs are refused",
      fleets: [fleet({ sims: cards(0, 10) })],
      world: ({ emulator }) =>
        emulator.faults.add({
          ...{ path: "/links/cellular/bulkclaim", preview: false },
          fault: { kind: "refuse", iccids: cards(3, 5), reason: "SIM is reserved" },
        }),
      result: /8 certain, 2 refused/,
      requests: [
        "3 reads",
        "preview of 10 SIMs",
        "4 reads",
        "preview of 10 SIMs",
        "3 reads",
        "preview of 10 SIMs",
        "claim of 10 SIMs",
        "1 read",
        "preview of 8 SIMs",
        "claim of 8 SIMs",
        "1 read",
      ],
    },
    {
      what: "unfinished",
      world: ({ emulator }) => emulator.faults.clear(),
      result: ["update fleet"],
      requests: ["3 reads", "preview of 2 SIMs", "claim of 2 SIMs", "1 read"],
    },
    { what: "nothing", result: [], requests: [] },
    {
      what: "a SIM was paused by hand, and a refresh has found it",
      world: ({ emulator }) => emulator.setState(card(1), "PAUSED-USER"),
      refreshes: true,
      result: ["update fleet"],
      requests: ["8 reads", "state of 1 SIM"],
    },
    {
      what: "a SIM was deactivated by hand, and a refresh has found it: it is lost, and never claimed again",
      world: ({ emulator }) => emulator.setState(card(2), "DEAD"),
      refreshes: true,
      result: [],
      requests: ["6 reads"],
    },
  ],
};

export const chains: readonly Chain[] = [selection, another, terms, world];
