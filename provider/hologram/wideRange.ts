/**
 * A page of a listing tells where the next one starts, so that pages come one after the other. A wide range is therefore
 * read as several, side by side: over a network most of the time of a page is waiting for it.
 */
import type { SimPages } from "./model";

/** A range in `most` even parts; in fewer, or whole, where it is not wide enough. */
export function split(first: string, last: string, most: number): (readonly [first: string, last: string])[] {
  const [low, width] = [BigInt(first), BigInt(last) - BigInt(first) + 1n];
  const count = Math.min(most, Number(width / NUMBERS_PER_PART));
  if (count <= 1 || first.length !== last.length) return [[first, last]];
  const start = (part: number): bigint => low + (width * BigInt(part)) / BigInt(count);
  const text = (number: bigint): string => number.toString().padStart(first.length, "0");
  return Array.from({ length: count }, (_, part) => [text(start(part)), text(start(part + 1) - 1n)] as const);
}

/** A range as the API's `simrange` takes it. */
export function rangeText(first: string, last: string): string {
  return `${first}-${last}`;
}

/** All pages of several listings, each when it has come. */
export async function* merged(listings: readonly SimPages[]): SimPages {
  const next = async (listing: SimPages) => ({ listing, ...(await listing.next()) });
  const coming = new Map(listings.map((listing) => [listing, next(listing)]));
  try {
    while (coming.size > 0) {
      const { listing, done, value } = await Promise.race(coming.values());
      coming.delete(listing);
      if (done) continue;
      yield value;
      coming.set(listing, next(listing));
    }
  } finally {
    // One that failed, or whoever reads no further, ends the others; nobody waits for what they were about to say.
    for (const page of coming.values()) page.catch(() => undefined);
    for (const listing of listings) listing.return(undefined).catch(() => undefined);
  }
}

/** So many numbers are worth a listing of their own: 100 pages of SIMs, or 10 where the last digit is a check digit. */
const NUMBERS_PER_PART = 100_000n;
