/** Requests, by what they were about. */
import type { SeenRequest } from "../../records";

/** `claim`: buys; `preview`: asks what would be bought; `change`: any other that writes. */
export type RequestKind = "claim" | "preview" | "change" | "read";

export const requestKinds: readonly RequestKind[] = ["claim", "preview", "change", "read"];

export interface RequestPage {
  readonly rows: readonly SeenRequest[];
  readonly total: number;
  /** From 1. */
  readonly page: number;
  readonly pages: number;
}

const REQUESTS_ON_A_PAGE = 50;

export function kindOf({ method, path, query }: SeenRequest): RequestKind {
  if (query.preview === "true" || query.preview === "1") return "preview";
  if (method === "GET") return "read";
  return method === "POST" && CLAIM_PATH.test(path) ? "claim" : "change";
}

/** Newest first. */
export function listRequests(
  requests: readonly SeenRequest[],
  kind: RequestKind | undefined,
  page: number,
): RequestPage {
  const found = kind === undefined ? requests : requests.filter((seen) => kindOf(seen) === kind);
  const pages = Math.max(1, Math.ceil(found.length / REQUESTS_ON_A_PAGE));
  const shown = Math.min(Math.max(1, page), pages);
  const end = found.length - (shown - 1) * REQUESTS_ON_A_PAGE;
  const rows = found.slice(Math.max(0, end - REQUESTS_ON_A_PAGE), end).toReversed();
  return { rows, total: found.length, page: shown, pages };
}

/** The query as it was sent; a key that was sent in it is not shown. */
export function queryText({ query }: SeenRequest): string {
  const shown = Object.entries(query).map(
    ([name, value]) => [name, name === "apikey" ? "…" : value] as const,
  );
  return shown.length === 0 ? "" : `?${shown.map(([name, value]) => `${name}=${value}`).join("&")}`;
}

/** What a body is about, in a few words. */
export function bodySummary(body: unknown): string {
  if (body === undefined) return "";
  if (typeof body === "string") return shortened(body, 80);
  if (typeof body !== "object" || body === null) return String(body);
  return Object.entries(body)
    .map(
      ([name, value]) =>
        `${name} ${Array.isArray(value) && value.length > 2 ? `[${value.length}]` : short(value)}`,
    )
    .join(" · ");
}

export function bodyText(body: unknown): string {
  return typeof body === "string" ? body : (JSON.stringify(body, null, 2) ?? "");
}

export function shortened(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters)}…`;
}

const CLAIM_PATH = /\/(bulk)?claim$/;

function short(value: unknown): string {
  return shortened(typeof value === "string" ? value : (JSON.stringify(value) ?? ""), 60);
}
