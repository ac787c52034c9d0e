import { type Envelope, isRecord, itemsOf } from "./envelope";
import { type Place, UnreadableAnswerError } from "./errors";
import { asId } from "./schemas/values";

/** Items asked for in one page. The largest limit is not documented; this one is in use by wiliot-hologram-api. */
export const PAGE_SIZE = 1_000;

/**
 * All items of a paged list, page by page, each once. `fetchPage` gets the id after which the next page starts.
 *
 * Ends: a page that brings nothing new is an error, so a server that ignores `startafter` or repeats itself cannot
 * keep this going. Only the ids of the items are remembered, never the items.
 */
export async function* itemsOfPages(
  place: Place,
  fetchPage: (startAfter: string | undefined) => Promise<Envelope>,
  pick: (data: unknown) => readonly unknown[] | undefined = itemsOf,
): AsyncGenerator<unknown> {
  const seen = new Set<number>();
  let startAfter: string | undefined;
  for (;;) {
    const page = await fetchPage(startAfter);
    const items = pick(page.data);
    if (items === undefined) throw new UnreadableAnswerError(place, "its data is not a list");
    if (items.length === 0) return;
    const before = seen.size;
    for (const item of items) {
      const id = idOf(item);
      if (id !== undefined && seen.has(id)) continue;
      if (id !== undefined) seen.add(id);
      yield item;
    }
    if (!hasNext(page, items.length)) return;
    if (seen.size === before) throw new UnreadableAnswerError(place, "its pages repeat themselves");
    const next = cursorOf(page, items);
    if (next === undefined)
      throw new UnreadableAnswerError(place, "it goes on, but does not say after which id");
    if (next === startAfter) throw new UnreadableAnswerError(place, "its pages all end with the same id");
    startAfter = next;
  }
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
