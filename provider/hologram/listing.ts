import type { Envelope } from "./envelope";
import { ApiError, type Place, UnreadableAnswerError } from "./errors";
import type { Sim } from "./model";
import type { AccountPace, Listing } from "./pacing";
import { itemsOfPages, PAGE_SIZE } from "./pages";
import { type Reading, readDevice, readLink } from "./schemas/sim";

type Query = Readonly<Record<string, string | number>>;

/** One list request and what of its answer is wanted: a filter that the server does not know must not widen it. */
interface Part {
  readonly query: Query;
  readonly wanted: (sim: Sim) => boolean;
}

/** The same SIMs asked for in either listing. */
type Parts = Readonly<Record<Listing, readonly Part[]>>;

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

  byIccid(orgId: number, iccids: readonly string[]): AsyncGenerator<Sim> {
    const all = new Set(iccids);
    const links = chunks([...all]).map((chunk): Part => {
      const some = new Set(chunk);
      return { query: { orgid: orgId, sims: chunk.join(",") }, wanted: (sim) => some.has(sim.iccid) };
    });
    const single = [...all].map((iccid): Part => {
      return { query: { orgid: orgId, sim: iccid }, wanted: (sim) => sim.iccid === iccid };
    });
    const whole = [{ query: { orgid: orgId }, wanted: (sim: Sim) => all.has(sim.iccid) }];
    return this.#find({ links, devices: all.size <= MOST_SINGLE_READS ? single : whole });
  }

  inRange(orgId: number, first: string, last: string): AsyncGenerator<Sim> {
    const [low, high] = [BigInt(first), BigInt(last)];
    const wanted = ({ iccid }: Sim) => BigInt(iccid) >= low && BigInt(iccid) <= high;
    const links = [{ query: { orgid: orgId, simrange: `${first}-${last}` }, wanted }];
    return this.#find({ links, devices: [{ query: { orgid: orgId }, wanted }] });
  }

  byDevice(orgId: number, deviceIds: readonly number[]): AsyncGenerator<Sim> {
    const parts = (filter: string) =>
      chunks([...new Set(deviceIds)]).map((chunk): Part => {
        const some = new Set(chunk);
        return {
          query: { orgid: orgId, [filter]: chunk.join(",") },
          wanted: ({ deviceId }) => deviceId !== undefined && some.has(deviceId),
        };
      });
    return this.#find({ links: parts("deviceids"), devices: parts("ids") });
  }

  all(orgId: number): AsyncGenerator<Sim> {
    const parts = [{ query: { orgid: orgId }, wanted: () => true }];
    return this.#find({ links: parts, devices: parts });
  }

  async *#find(parts: Parts): AsyncGenerator<Sim> {
    if (this.#options.pace.listing === "links") {
      let yielded = false;
      try {
        for await (const sim of this.#read("links", parts.links)) {
          yielded = true;
          yield sim;
        }
        return;
      } catch (error) {
        if (yielded || !isGone(error)) throw error;
      }
    }
    yield* this.#read("devices", parts.devices);
  }

  /** A single part streams; several are read a few at a time, each is small. In order, either way. */
  async *#read(listing: Listing, parts: readonly Part[]): AsyncGenerator<Sim> {
    const [only] = parts;
    if (only !== undefined && parts.length === 1) {
      yield* this.#readPart(listing, only);
      return;
    }
    const readWhole = async (part: Part) => {
      const sims: Sim[] = [];
      for await (const sim of this.#readPart(listing, part)) sims.push(sim);
      return sims;
    };
    const underWay: Promise<Sim[]>[] = [];
    for (const part of parts) {
      const sims = readWhole(part);
      // Handled when its turn comes; until then a failure must not count as unhandled.
      sims.catch(() => undefined);
      underWay.push(sims);
      if (underWay.length >= PARTS_AT_ONCE) yield* (await underWay.shift()) ?? [];
    }
    for (const sims of underWay) yield* await sims;
  }

  async *#readPart(listing: Listing, part: Part): AsyncGenerator<Sim> {
    const { fetchPage, pace, now } = this.#options;
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
    for await (const item of itemsOfPages(place, page)) {
      index++;
      const reading: Reading<readonly Sim[]> =
        listing === "links" ? single(readLink(item, now())) : readDevice(item, now());
      if (!reading.ok)
        throw new UnreadableAnswerError(place, `${reading.problem} in item ${index} of its list`);
      for (const sim of reading.value) if (part.wanted(sim)) yield sim;
    }
  }
}

function single(reading: Reading<Sim>): Reading<readonly Sim[]> {
  return reading.ok ? { ok: true, value: [reading.value] } : reading;
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 410);
}

function chunks<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / IDS_PER_REQUEST);
  return Array.from({ length: count }, (_, i) => all.slice(i * IDS_PER_REQUEST, (i + 1) * IDS_PER_REQUEST));
}
