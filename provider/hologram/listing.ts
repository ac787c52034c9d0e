import { chunksOf } from "../util/chunks";
import type { Envelope } from "./envelope";
import { ApiError, type Place, UnreadableAnswerError } from "./errors";
import type { Sim, SimPages } from "./model";
import type { AccountPace, Listing } from "./pacing";
import { PAGE_SIZE, pagesOf } from "./pages";
import { type Reading, readDevice, readLink } from "./schemas/sim";
import { Skipped } from "./skipped";
import { asAnswered, type Spelling, spellingOfList, spellingOfRange } from "./spelling";
import { merged, rangeText, split } from "./wideRange";

type Query = Readonly<Record<string, string | number>>;

/** One list request and what of its answer is wanted: a filter that the server does not know must not widen it. */
interface Part {
  readonly query: Query & { readonly orgid: number };
  readonly wanted: (sim: Sim) => boolean;
  /** How ICCIDs were asked for. Default: as they are answered. */
  readonly spelling?: Spelling;
  /** No SIM is asked for by its number: one that cannot be read is missed by nobody. */
  readonly isOpen?: true;
}

interface SimPage {
  readonly sims: readonly Sim[];
  readonly isLast: boolean;
}

/** One listing in which all of some SIMs lie, and what it costs to ask for each of them instead. */
interface Whole {
  readonly part: Part;
  /** Of SIMs that were found so, nothing more has to be asked. */
  readonly isFinal: (sim: Sim) => boolean;
  /** Requests for the SIMs that `found` does not hold. */
  readonly partsWithout: (found: ReadonlySet<string>) => readonly Part[];
}

const PATHS: Readonly<Record<Listing, string>> = { links: "/links/cellular", devices: "/devices" };
/** ICCIDs or device ids in one query string: about 2 KB. */
const IDS_PER_REQUEST = 100;
/** `/devices` filters by a single ICCID only; above this, going through all devices takes fewer requests. */
const MOST_SINGLE_READS = 20;
const PARTS_AT_ONCE = 4;

export interface SimListingOptions {
  readonly fetchPage: (path: string, query: Query) => Promise<Envelope>;
  readonly pace: AccountPace;
  readonly now: () => number;
  /** How far the server's clock is ahead of this machine's, in milliseconds. */
  readonly aheadMs: () => number;
  /** Told of items that could not be read and were passed over, in a sentence. */
  readonly onSkip: (sentence: string) => void;
}

/**
 * Finds SIMs in an organization. `/links/cellular` answers all that is needed, but is no longer in the published
 * documentation; where it is gone (404, 410), `/devices` is read instead and the process remembers it.
 */
export class SimListing {
  readonly #options: SimListingOptions;

  constructor(options: SimListingOptions) {
    this.#options = options;
  }

  /**
   * A few by name, 100 in a request. Many lie close together as a rule: the range from the first to the last is listed,
   * 1,000 in a request, for as long as that takes no more requests than asking by name. `isFinal` tells SIMs of which
   * no second record would matter.
   */
  byIccid(orgId: number, iccids: readonly string[], isFinal: (sim: Sim) => boolean = () => false): SimPages {
    const all = new Set(iccids);
    const wanted = (sim: Sim) => all.has(sim.iccid);
    const spelling = spellingOfList(all);
    const single = [...(all.size <= MOST_SINGLE_READS ? all : [])].map((iccid): Part => {
      return { query: { orgid: orgId, sim: iccid }, wanted: (sim) => sim.iccid === iccid, spelling };
    });
    const devices = all.size <= MOST_SINGLE_READS ? single : [{ query: { orgid: orgId }, wanted, spelling }];
    if (all.size <= IDS_PER_REQUEST) {
      return this.#find(() => this.#read("links", byName(orgId, all)), devices);
    }
    const lengths = [...Map.groupBy(all, ({ length }) => length).values()];
    // A range has ends of one length; ICCIDs have 19 digits or 20.
    if (lengths.length > 1) return inTurn(lengths.map((some) => () => this.byIccid(orgId, some, isFinal)));
    const whole: Whole = {
      part: { query: { orgid: orgId, simrange: spanOf(all) }, wanted, spelling },
      isFinal,
      partsWithout: (found) => byName(orgId, all.difference(found)),
    };
    return this.#find(() => this.#readWhole(whole), devices);
  }

  /** A wide range of more SIMs than a page holds is read in parts, side by side, and its SIMs come in no order. */
  inRange(orgId: number, first: string, last: string): SimPages {
    const part = ([low, high]: readonly [string, string]): Part => {
      const spelling = spellingOfRange(low, high);
      return {
        query: { orgid: orgId, simrange: rangeText(low, high) },
        wanted: isWithin(low, high),
        spelling,
      };
    };
    const [whole, parts] = [part([first, last]), split(first, last, PARTS_AT_ONCE).map(part)];
    const devices = [{ ...whole, query: { orgid: orgId } }];
    return this.#find(
      () => (parts.length === 1 ? this.#readPart("links", whole) : this.#readWide(whole, parts)),
      devices,
    );
  }

  byDevice(orgId: number, deviceIds: readonly number[]): SimPages {
    const parts = (filter: string) =>
      chunksOf([...new Set(deviceIds)], IDS_PER_REQUEST).map((chunk): Part => {
        const some = new Set(chunk);
        return {
          query: { orgid: orgId, [filter]: chunk.join(",") },
          wanted: ({ deviceId }) => deviceId !== undefined && some.has(deviceId),
        };
      });
    return this.#find(() => this.#read("links", parts("deviceids")), parts("ids"));
  }

  all(orgId: number): SimPages {
    const parts: Part[] = [{ query: { orgid: orgId }, wanted: () => true, isOpen: true }];
    return this.#find(() => this.#read("links", parts), parts);
  }

  async *#find(readLinks: () => SimPages, devices: readonly Part[]): SimPages {
    if (this.#options.pace.listing === "links") {
      let yielded = false;
      try {
        for await (const sims of readLinks()) {
          yielded ||= sims.length > 0;
          yield sims;
        }
        return;
      } catch (error) {
        if (yielded || !isGone(error)) throw error;
      }
    }
    yield* this.#read("devices", devices);
  }

  /** Gives up as soon as the pages have taken more requests than the SIMs found in them would have by name. */
  async *#readWhole({ part, isFinal, partsWithout }: Whole): SimPages {
    const final = new Set<string>();
    let [pages, found] = [0, 0];
    for await (const { sims, isLast } of this.#readPages("links", part)) {
      yield sims;
      for (const sim of sims) if (isFinal(sim)) final.add(sim.iccid);
      pages++;
      found += sims.length;
      if (!isLast && found < pages * IDS_PER_REQUEST) {
        yield* this.#read("links", partsWithout(final));
        return;
      }
    }
  }

  /** The first page tells whether there is more; the parts then name its SIMs again, and their pages leave them out. */
  async *#readWide(whole: Part, parts: readonly Part[]): SimPages {
    for await (const { sims, isLast } of this.#readPages("links", whole, "whenWanted")) {
      yield sims;
      if (isLast) return;
      const known = new Set(sims.map(({ linkId }) => linkId));
      const rest = parts.map((part): Part => {
        return { ...part, wanted: (sim) => part.wanted(sim) && !known.has(sim.linkId) };
      });
      yield* merged(rest.map((part) => this.#readPart("links", part)));
      return;
    }
  }

  /** A single part streams; several are read a few at a time, each is small. In order, either way. */
  async *#read(listing: Listing, parts: readonly Part[]): SimPages {
    const [only] = parts;
    if (only !== undefined && parts.length === 1) {
      yield* this.#readPart(listing, only);
      return;
    }
    const underWay: Promise<(readonly Sim[])[]>[] = [];
    for (const part of parts) {
      const pages = Array.fromAsync(this.#readPart(listing, part));
      // Handled when its turn comes; until then a failure must not count as unhandled.
      pages.catch(() => undefined);
      underWay.push(pages);
      if (underWay.length >= PARTS_AT_ONCE) yield* (await underWay.shift()) ?? [];
    }
    for (const pages of underWay) yield* await pages;
  }

  async *#readPart(listing: Listing, part: Part): SimPages {
    for await (const { sims } of this.#readPages(listing, part)) yield sims;
  }

  async *#readPages(listing: Listing, part: Part, fetched?: "ahead" | "whenWanted"): AsyncGenerator<SimPage> {
    const { fetchPage, pace, now, aheadMs, onSkip } = this.#options;
    const skipped = new Skipped();
    const path = PATHS[listing];
    const place: Place = { method: "GET", path };
    const page = async (startAfter: string | undefined) => {
      const start = startAfter === undefined ? {} : { startafter: startAfter };
      const envelope = await fetchPage(path, { ...part.query, limit: PAGE_SIZE, ...start });
      // Not before it has answered: a 404 may also be about the organization.
      pace.listing = listing;
      return envelope;
    };
    let index = 0;
    for await (const { items, isLast } of pagesOf(place, page, undefined, fetched)) {
      const sims: Sim[] = [];
      const before = skipped.count;
      for (const item of items) {
        index++;
        const reading: Reading<readonly Sim[]> =
          listing === "links" ? single(readLink(item, now())) : readDevice(item, now());
        if (reading.ok) {
          for (const sim of reading.value) {
            const spelled = respelled(timed(sim, aheadMs()), part);
            if (isOf(part.query.orgid, spelled) && part.wanted(spelled)) sims.push(spelled);
          }
        } else {
          const problem = `${reading.problem} in item ${index} of its list`;
          if (concerns(part, reading)) throw new UnreadableAnswerError(place, problem);
          skipped.note(problem);
        }
      }
      // Not one of them: then the list has another form, and is no list with a bad item.
      if (skipped.count - before === items.length && items.length > 1) {
        throw new UnreadableAnswerError(place, skipped.problem);
      }
      yield { sims, isLast };
    }
    if (skipped.count > 0) onSkip(skipped.sentence(place));
  }
}

/** A server that does not heed `orgid` shows the SIMs of all organizations that the key sees. */
function isOf(orgId: number, sim: Sim): boolean {
  return sim.orgId === undefined || sim.orgId === orgId;
}

/** Its times by this machine's clock. */
function timed(sim: Sim, aheadMs: number): Sim {
  if (aheadMs === 0 || sim.claimedAtMs === undefined) return sim;
  return { ...sim, claimedAtMs: sim.claimedAtMs - aheadMs };
}

function respelled(sim: Sim, { spelling = asAnswered }: Part): Sim {
  const iccid = spelling(sim.iccid);
  return iccid === sim.iccid ? sim : { ...sim, iccid };
}

/** Whether an item that cannot be read may be one that was asked for: passed over, it would look as if it were gone. */
function concerns(
  part: Part,
  { iccid, deviceId }: { readonly iccid?: string | undefined; readonly deviceId?: number | undefined },
): boolean {
  if (part.isOpen || (iccid === undefined && deviceId === undefined)) return false;
  const sim = { iccid: iccid ?? "0", linkId: 0, state: "UNKNOWN", testMode: false };
  return part.wanted(respelled(deviceId === undefined ? sim : { ...sim, deviceId }, part));
}

function isWithin(first: string, last: string): (sim: Sim) => boolean {
  const [low, high] = [BigInt(first), BigInt(last)];
  return ({ iccid }) => {
    const number = BigInt(iccid);
    return number >= low && number <= high;
  };
}

/** In the order in which they were named. */
function byName(orgId: number, iccids: ReadonlySet<string>): Part[] {
  return chunksOf([...iccids], IDS_PER_REQUEST).map((chunk): Part => {
    const some = new Set(chunk);
    const query = { orgid: orgId, sims: chunk.join(",") };
    return { query, wanted: (sim) => some.has(sim.iccid), spelling: spellingOfList(some) };
  });
}

function spanOf(iccids: ReadonlySet<string>): string {
  let first: bigint | undefined;
  let last: bigint | undefined;
  for (const iccid of iccids) {
    const value = BigInt(iccid);
    if (first === undefined || value < first) first = value;
    if (last === undefined || value > last) last = value;
  }
  return rangeText(`${first}`, `${last}`);
}

async function* inTurn(listings: readonly (() => SimPages)[]): SimPages {
  for (const list of listings) yield* list();
}

function single(reading: Reading<Sim>): Reading<readonly Sim[]> {
  return reading.ok ? { ok: true, value: [reading.value] } : reading;
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 410);
}
