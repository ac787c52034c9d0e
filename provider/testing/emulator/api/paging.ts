/** Pages of a list: `limit`, `startafter`, `continues`, `lastid`. */
import type { Account } from "../account/emulatedAccount";
import { id } from "./editions";
import type { Answer, Call } from "./http";

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 1000;

/** A list that pages are cut from, and how its items are shown. */
interface Listing<T> {
  readonly items: Iterable<T>;
  idOf(item: T): number;
  show(item: T): unknown;
  /** Items in a page for which the request names no number. */
  readonly limit?: number;
}

/**
 * One page of items that come in descending order of their id, beginning after `startafter`: what is added while
 * somebody pages is newer than every page, so no page skips or repeats.
 */
export function page<T>(
  account: Account,
  call: Call,
  { items, idOf, show, limit: preset = DEFAULT_LIMIT }: Listing<T>,
): Answer {
  const { behaviour } = account;
  const limit = readLimit(call, preset);
  const shown: T[] = [];
  let continues = false;
  for (const item of items) {
    if (shown.length === limit) {
      continues = true;
      break;
    }
    shown.push(item);
  }
  const last = shown.at(-1);
  const data = shown.map(show);
  const body = {
    success: true,
    limit,
    size: data.length,
    ...(continues || behaviour.lastPage === "says" ? { continues } : {}),
    ...(last === undefined ? {} : { lastid: id(account, idOf(last)) }),
    links: pageLinks(account, call, continues && last !== undefined ? idOf(last) : undefined),
    data:
      behaviour.lists === "array" ? data : Object.fromEntries(shown.map((item, i) => [idOf(item), data[i]])),
  };
  return { status: 200, body };
}

export function readLimit(call: Call, preset = DEFAULT_LIMIT): number {
  const asked = call.query.integer("limit") ?? preset;
  return Math.min(LARGEST_LIMIT, Math.max(1, asked));
}

/**
 * The next page has every parameter of this one, as Hologram's own example has. The base names a host that nobody can
 * reach and has no scheme, as in that example. The blueprint has a list here.
 */
function pageLinks(account: Account, call: Call, lastId: number | undefined) {
  const path = `/api/1${call.path}`;
  const links = {
    path,
    base: "staging.internal.invalid",
    ...(lastId === undefined ? {} : { next: `${path}?${nextQuery(call, lastId)}` }),
  };
  return account.behaviour.edition === "blueprint" ? [links] : links;
}

function nextQuery({ query }: Call, lastId: number): string {
  const kept = query.names.filter((name) => name !== "startafter");
  const pairs = kept.map((name): [string, string] => [name, query.text(name) ?? ""]);
  return new URLSearchParams([...pairs, ["startafter", String(lastId)]]).toString();
}
