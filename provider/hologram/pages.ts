import { type Envelope, isRecord, itemsOf } from "./envelope";
import { type Place, UnreadableAnswerError } from "./errors";
import { asId } from "./schemas/readers";

/** Items asked for in one page. The largest limit is not documented; this one is in use by wiliot-hologram-api. */
export const PAGE_SIZE = 1_000;

/** What one page brought that no page before it had. */
export interface Page {
  readonly items: readonly unknown[];
  readonly isLast: boolean;
}

/** All items of a paged list, each once. */
export async function* itemsOfPages(...list: Parameters<typeof pagesOf>): AsyncGenerator<unknown> {
  for await (const { items } of pagesOf(...list)) yield* items;
}

/**
 * The pages of a list, every item once. `fetchPage` gets the id after which the next page starts; a page is fetched
 * while the one before it is used, or not before it is wanted.
 *
 * Ends: a page that brings nothing new is an error, so a server that ignores `startafter` or repeats itself cannot
 * keep this going. Only the ids of the items are remembered, never the items.
 */
export async function* pagesOf(
  place: Place,
  fetchPage: (startAfter: string | undefined) => Promise<Envelope>,
  pick: (data: unknown) => readonly unknown[] | undefined = itemsOf,
  fetched: "ahead" | "whenWanted" = "ahead",
): AsyncGenerator<Page> {
  const seen = new Set<number>();
  let startAfter: string | undefined;
  for (let coming: Promise<Envelope> | undefined = fetchPage(startAfter); coming !== undefined; ) {
    const page: Envelope = await coming;
    coming = undefined;
    const items = pick(page.data);
    if (items === undefined) throw new UnreadableAnswerError(place, "its data is not a list");
    if (items.length === 0) return;
    const fresh = items.filter((item) => isNew(idOf(item), seen));
    const isLast = !hasNext(page, items.length);
    if (!isLast) {
      if (fresh.length === 0) throw new UnreadableAnswerError(place, "its pages repeat themselves");
      startAfter = nextStart(place, page, items, startAfter);
      // Under way while these items are used. Its failure is met when its turn comes.
      if (fetched === "ahead") coming = fetchPage(startAfter);
      coming?.catch(() => undefined);
    }
    yield { items: fresh, isLast };
    if (!isLast) coming ??= fetchPage(startAfter);
  }
}

/** Notes the id; an item without one cannot be told from another. */
function isNew(id: number | undefined, seen: Set<number>): boolean {
  if (id === undefined) return true;
  const { size } = seen;
  return seen.add(id).size > size;
}

function nextStart(
  place: Place,
  page: Envelope,
  items: readonly unknown[],
  before: string | undefined,
): string {
  const next = cursorOf(page, items);
  if (next === undefined)
    throw new UnreadableAnswerError(place, "it goes on, but does not say after which id");
  if (next === before) throw new UnreadableAnswerError(place, "its pages all end with the same id");
  return next;
}

/** `continues` decides. Where it is missing, a full page that names a next one goes on. */
function hasNext(page: Envelope, count: number): boolean {
  return page.continues ?? (page.nextStart !== undefined && count >= PAGE_SIZE);
}

/**
 * Where the next page starts. An object keyed by id has lost the server's order here (numbers come out ascending);
 * these lists are documented as newest first, so its smallest id is the last.
 */
function cursorOf(page: Envelope, items: readonly unknown[]): string | undefined {
  const told = asId(page.lastId);
  if (told !== undefined) return String(told);
  if (page.nextStart !== undefined) return page.nextStart;
  const last = idOf(Array.isArray(page.data) ? items.at(-1) : items[0]);
  return last === undefined ? undefined : String(last);
}

function idOf(item: unknown): number | undefined {
  return isRecord(item) ? asId(item.id) : undefined;
}
