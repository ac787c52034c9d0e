/**
 * The page has buttons, and a browser sends what any site tells it to send. So: answers for loopback names alone (a
 * foreign name that points here is DNS rebinding), nothing for requests that another site makes, and no button without
 * this process's token, which only its own pages hold.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";

/** Headers of every answer: own styles and script, no frames, and nothing remembered or guessed. */
export const headers: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // Not `no-referrer`: with that, browsers send the forms of the page with the origin `null`.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

export class Guard {
  /** In every form. */
  readonly token = randomBytes(24).toString("base64url");

  /** Why the request gets no answer; undefined where it does. */
  refusal(request: Request): string | undefined {
    const url = new URL(request.url);
    if (!LOOPBACK.has(url.hostname)) return "This page answers on loopback only.";
    const origin = request.headers.get("origin");
    if (origin !== null && origin !== `http://${request.headers.get("host")}`) {
      return "This page answers no other site.";
    }
    // A link from elsewhere may lead here; anything else that another site asks for may not.
    const site = request.headers.get("sec-fetch-site");
    const comesFromOutside = site === "cross-site" || site === "same-site";
    const follows = request.method === "GET" && request.headers.get("sec-fetch-mode") === "navigate";
    return comesFromOutside && !follows ? "This page answers no other site." : undefined;
  }

  holds(token: string): boolean {
    const [given, own] = [Buffer.from(token), Buffer.from(this.token)];
    return given.length === own.length && timingSafeEqual(given, own);
  }
}

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);
