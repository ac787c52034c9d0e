import { HologramError } from "./errors";

/** Where Hologram's API is (docs.hologram.io, introduction). */
export const DEFAULT_BASE_URL = "https://dashboard.hologram.io/api/1";

/**
 * The address without a trailing slash. Plain HTTP would show the key to the network, so it is taken for this
 * machine only. Throws a `HologramError` for anything else; no request has been sent then.
 */
export function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined)
    throw new HologramError(
      "The Hologram base URL is not an address; set HOLOGRAM_BASE_URL to an https:// address.",
    );
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new HologramError(
      `The Hologram base URL at ${url.host} holds credentials, a query or a fragment; give the address alone, and the key as HOLOGRAM_API_KEY.`,
    );
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new HologramError(
      `The Hologram base URL ${url.protocol}//${url.host} is not safe to send an API key to; use https, or plain http to this machine only (127.0.0.1, localhost or [::1]).`,
    );
  }
  return normalBaseUrl(text);
}

/**
 * One spelling for every way to write an address (slash or empty query at the end, case of the host, default port): what is kept for an
 * account is found by it. What is no address stays as it is, and is refused when a client is made.
 */
export function normalBaseUrl(text: string): string {
  return URL.canParse(text) ? new URL(text).href.replace(/[/?#]+$/, "") : text;
}

/** This machine. The URL parser has already written every form of an IPv4 address as four decimal numbers. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
