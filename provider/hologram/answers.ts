import { type Envelope, isRateLimit, readEnvelope } from "./envelope";
import {
  ApiError,
  DoubtfulError,
  KeyRefusedError,
  type Place,
  RateLimitedError,
  RoleTooLowError,
  UnreachableError,
  UnreadableAnswerError,
  WrongAddressError,
} from "./errors";
import type { Redactor } from "./redact";
import type { Answer, Reply } from "./transport";

/** What reading an answer needs to know about its request. */
export interface Asked {
  readonly kind: "read" | "write";
  readonly place: Place;
  /** Address of the API, for messages. */
  readonly baseUrl: string;
  /** The role the request takes, in words. */
  readonly neededRole: string;
  readonly redactor: Redactor;
  /** What the error of a refused key ends with. */
  readonly keyAdvice: string;
}

/**
 * The envelope of a success, or the error that the reply amounts to. Decided by what the answer says: this API
 * reports failures with status 200 too.
 */
export function successOf(reply: Reply, asked: Asked): Envelope {
  const { kind, place } = asked;
  if (reply.kind !== "answer") {
    const doubtful = kind === "write" && reply.kind === "lost";
    if (doubtful) throw new DoubtfulError(place, `no answer came (${reply.code}: ${reply.detail})`);
    throw new UnreachableError(reply.code, new URL(asked.baseUrl).host, place, reply.detail);
  }
  const envelope = readEnvelope(reply.body);
  refuseWrongAddress(reply, asked);
  const refusal = refusalIn(reply, envelope, asked);
  if (refusal !== undefined) throw refusal;
  const readable = kind === "write" ? envelope.success === true : envelope.data !== undefined;
  if (!readable) throw unreadable(asked, describeBody(reply, envelope));
  return envelope;
}

function refusalIn(
  answer: Answer,
  envelope: Envelope,
  { kind, place, neededRole, redactor, keyAdvice }: Asked,
): Error | undefined {
  const { status } = answer;
  const words = redactor.words(envelope.words);
  if (isRateLimit(answer)) return new RateLimitedError(words, place);
  if (status === 401) return new KeyRefusedError(words, place, keyAdvice);
  if (status === 403) return new RoleTooLowError(words, place, neededRole);
  if (kind === "write" && (status >= 500 || status === 408 || isRedirect(status))) {
    return new DoubtfulError(
      place,
      `it answered with status ${status}${words === "" ? "" : ` and "${words}"`}`,
    );
  }
  if (isRedirect(status))
    return new ApiError(status, "the address redirects elsewhere, which is not followed", place);
  if (status < 200 || status >= 300 || envelope.success === false) return new ApiError(status, words, place);
  return undefined;
}

/**
 * The first question to an account is for its organizations, which every key may ask. Where the path of the base URL is
 * not that of the API, a web server answers it: with 404, with its start page, or with a redirect to that.
 */
function refuseWrongAddress({ status, body }: Answer, { place, baseUrl }: Asked): void {
  if (place.path !== "/organizations" || /\/api\/\d+$/.test(baseUrl)) return;
  if (status === 404 || isRedirect(status))
    throw new WrongAddressError(place, `with status ${status}`, baseUrl);
  if (body.form === "text" && /^\s*</.test(body.text))
    throw new WrongAddressError(place, "with a web page", baseUrl);
}

/** An answer of status 2xx without usable content. For a change that means doubt. */
function unreadable({ kind, place }: Asked, problem: string): Error {
  return kind === "write"
    ? new DoubtfulError(place, `the answer cannot be read, ${problem}`)
    : new UnreadableAnswerError(place, problem);
}

/** What is wrong with a body that tells neither success nor failure; never its content. */
export function describeBody({ body }: Answer, { success, data }: Envelope): string {
  if (body.form === "empty") return "it is empty";
  if (body.form === "text")
    return /^\s*</.test(body.text) ? "it is a web page instead of JSON" : "it is not complete JSON";
  if (success === undefined) return "it does not say whether it is a success";
  return data === undefined ? "it holds no data" : "its data has an unknown form";
}

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}
