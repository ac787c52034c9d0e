import type { Dispatcher } from "undici";
import { type Asked, successOf } from "../../hologram/answers";
import { checkBaseUrl } from "../../hologram/baseUrl";
import { Hologram } from "../../hologram/client";
import { type Envelope, readEnvelope } from "../../hologram/envelope";
import type { ClaimTarget, PreviewAnswer } from "../../hologram/model";
import { Redactor } from "../../hologram/redact";
import { type Answer, parseBody, type Reply, Transport } from "../../hologram/transport";
import type { Clock } from "../../util/clock";
import type { SeenAnswer } from "./watch";

/** What a question to the account came to. */
export type Reading =
  | { readonly kind: "read"; readonly envelope: Envelope; readonly seen: SeenAnswer }
  | {
      readonly kind: "failed";
      /** As the provider would say it. */
      readonly error: Error;
      readonly reply: Reply;
      readonly seen: SeenAnswer | undefined;
    };

export interface AskOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly dispatcher: Dispatcher;
  readonly answers: readonly SeenAnswer[];
  readonly clock: Clock;
}

/** Asks an account, each question once and with a deadline. Answers are read by the code that fleets read them with. */
export class Questions {
  readonly #transport: Transport;
  readonly #redactor: Redactor;
  readonly #options: AskOptions;

  constructor(options: AskOptions) {
    this.#options = { ...options, baseUrl: checkBaseUrl(options.baseUrl) };
    this.#redactor = new Redactor(options.apiKey);
    this.#transport = new Transport(
      this.#options.baseUrl,
      options.apiKey,
      this.#redactor,
      options.dispatcher,
    );
  }

  /** A list or an object of the account. */
  async get(
    path: string,
    query: Readonly<Record<string, string | number>>,
    deadlineMs: number,
    neededRole = "the role Editor or higher",
  ): Promise<Reading> {
    const call = { method: "GET", path, query, timeoutMs: deadlineMs } as const;
    const before = this.#options.answers.length;
    const reply = await this.#transport.send(call, () => this.#options.clock.now());
    const seen = this.#options.answers
      .slice(before)
      .find((answer) => answer.path.split("?")[0] === path && isOf(reply, answer));
    const asked: Asked = {
      kind: "read",
      place: { method: "GET", path },
      baseUrl: this.#options.baseUrl,
      neededRole,
      redactor: this.#redactor,
      keyAdvice: "",
    };
    try {
      const envelope = successOf(reply, asked);
      if (seen === undefined) throw new Error(`the answer to GET ${path} was not seen`);
      return { kind: "read", envelope, seen };
    } catch (error) {
      return {
        kind: "failed",
        error: error instanceof Error ? error : new Error(String(error)),
        reply,
        seen,
      };
    }
  }

  /** The account's own preview of a claim. It can never become a purchase (`previewClaim`), and is asked once. */
  async preview(orgId: number, target: ClaimTarget, deadlineMs: number): Promise<PreviewAnswer> {
    const { apiKey, baseUrl, dispatcher, clock } = this.#options;
    // The client would wait and ask again; here the reason to wait is the answer.
    return await new Promise((resolve, reject) => {
      const client = new Hologram({
        apiKey,
        baseUrl,
        dispatcher,
        requestTimeoutMs: deadlineMs,
        clock: { now: () => clock.now(), sleep: () => new Promise(() => undefined) },
        onWait: ({ what }) => reject(new Error(what)),
      });
      client.previewClaim(orgId, target).then(resolve, reject);
    });
  }
}

/** The envelope of an answer, whether it is a success or not. */
export function envelopeOf(seen: SeenAnswer): Envelope {
  return readEnvelope(bodyOf(seen));
}

/** The body of an answer, as the client takes it. */
export function bodyOf({ text }: SeenAnswer): Answer["body"] {
  return parseBody(text);
}

function isOf(reply: Reply, answer: SeenAnswer): boolean {
  return reply.kind === "answer" && reply.status === answer.status;
}
