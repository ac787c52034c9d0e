/**
 * What can go wrong between this package and the API. Every message is one sentence that can be shown as it is: it
 * holds what the server said (shortened, on one line) and never the API key, a PIN or a query string.
 */
export class HologramError extends Error {
  override readonly name: string = "HologramError";
}

/** Where an error happened: `GET /links/cellular`, without the query. */
export interface Place {
  readonly method: string;
  readonly path: string;
}

/** A failure that the API itself answered with. */
export class ApiError extends HologramError {
  override readonly name: string = "ApiError";

  constructor(
    /** HTTP status; 200 too, since this API reports some failures with it. */
    readonly status: number,
    /** The server's words; empty where it had none. */
    readonly words: string,
    readonly place: Place,
    message?: string,
  ) {
    super(message ?? `Hologram refused ${at(place)} with status ${status}${said(words)}.`);
  }
}

/** 401: the key is wrong, missing or revoked. */
export class KeyRefusedError extends ApiError {
  override readonly name = "KeyRefusedError";

  /** `advice`: where the key came from and what helps, a sentence or nothing. */
  constructor(words: string, place: Place, advice = "") {
    super(
      401,
      words,
      place,
      `Hologram refused the API key at ${at(place)}${said(words)}; set HOLOGRAM_API_KEY, or the stack configuration ` +
        `hologram:apiKey, to a key that is valid.${advice === "" ? "" : ` ${advice}`}`,
    );
  }
}

/** There is something at the base URL, and it is not the API: the path is missing or wrong. Nothing was changed. */
export class WrongAddressError extends HologramError {
  override readonly name = "WrongAddressError";

  constructor(place: Place, answer: string, address: string) {
    super(
      `Hologram refused ${at(place)} ${answer}: there is no API at ${address}. HOLOGRAM_BASE_URL (hologram:baseUrl) takes ` +
        `the address with its path, such as ${new URL(address).origin}/api/1. Nothing was changed.`,
    );
  }
}

/** 403: the key is known, but its user may not do this. */
export class RoleTooLowError extends ApiError {
  override readonly name = "RoleTooLowError";

  constructor(
    words: string,
    place: Place,
    /** The role the request takes, in words, as far as Hologram documents it. */
    readonly neededRole: string,
  ) {
    super(
      403,
      words,
      place,
      `The role of this API key's user is too low for ${at(place)}${said(words)}; it takes ${neededRole}.`,
    );
  }
}

/** 429 for as long as one request is tried (five minutes). The request was certainly not processed. */
export class RateLimitedError extends ApiError {
  override readonly name = "RateLimitedError";

  constructor(words: string, place: Place) {
    super(
      429,
      words,
      place,
      `Hologram kept limiting the rate of requests at ${at(place)}${said(words)}; the request had no effect, try again later.`,
    );
  }
}

/** No connection came about, or a read got no answer: nothing was changed by this request. */
export class UnreachableError extends HologramError {
  override readonly name = "UnreachableError";

  constructor(
    /** The system's or the HTTP client's code, e.g. `ECONNREFUSED`. */
    readonly code: string,
    readonly host: string,
    readonly place: Place,
    detail: string,
  ) {
    super(
      `Hologram could not be reached at ${host} for ${at(place)} (${code}${detail === "" ? "" : `: ${detail}`}); ` +
        `${adviceOn(code, detail)}. The request had no effect.`,
    );
  }
}

/** The API answered in a form that this package cannot read. Names what is missing, never the values. */
export class UnreadableAnswerError extends HologramError {
  override readonly name = "UnreadableAnswerError";

  constructor(
    readonly place: Place,
    /** What is wrong with the answer. */
    readonly problem: string,
  ) {
    super(`Hologram's answer to ${at(place)} cannot be read: ${problem}.`);
  }
}

/** Something could not be read just now. A key that is refused is no such error: it stays so. */
export function isUnread(error: unknown): error is ApiError | UnreachableError | UnreadableAnswerError {
  if (error instanceof KeyRefusedError) return false;
  return (
    error instanceof ApiError || error instanceof UnreachableError || error instanceof UnreadableAnswerError
  );
}

/** No telling whether a change was carried out: it may have been. */
export class DoubtfulError extends HologramError {
  override readonly name = "DoubtfulError";

  constructor(
    readonly place: Place,
    readonly problem: string,
  ) {
    super(`Hologram may or may not have carried out ${at(place)}: ${problem}.`);
  }
}

/**
 * Node's codes for a certificate that it does not trust (nodejs.org, tls: X509 certificate error codes). The handshake
 * fails by them, before a request is sent.
 */
export const CERTIFICATE_CODES: ReadonlySet<string> = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function adviceOn(code: string, detail: string): string {
  if (CERTIFICATE_CODES.has(code)) {
    return (
      "its certificate is not trusted. Where a proxy or a company puts its own in between, set NODE_EXTRA_CA_CERTS to the " +
      "file of that certificate; otherwise check HOLOGRAM_BASE_URL and this machine's clock"
    );
  }
  if (code === "ERR_INVALID_URL")
    return "HTTPS_PROXY does not hold the address of a proxy, such as http://proxy.example:3128";
  if (code.startsWith("UND_ERR_PRX") || detail.startsWith("Proxy response"))
    return "the proxy of HTTPS_PROXY does not let the request through; check it, or exempt the host by NO_PROXY";
  return "check the network, HTTPS_PROXY and HOLOGRAM_BASE_URL, and try again";
}

function at(place: Place): string {
  return `${place.method} ${place.path}`;
}

/** The server's words as they stand inside a sentence. */
function said(words: string): string {
  return words === "" ? "" : `: "${words.replace(/[.\s]+$/, "")}"`;
}
