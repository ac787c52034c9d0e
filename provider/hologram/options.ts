import type { Dispatcher } from "undici";
import type { Clock } from "../util/clock";
import type { Wait } from "./requests";

export interface HologramOptions {
  readonly apiKey: string;
  /** Default `https://dashboard.hologram.io/api/1`. Plain http only to this machine. */
  readonly baseUrl?: string;
  readonly clock?: Clock;
  /** Chance for the jitter of waits, from 0 up to 1. */
  readonly random?: () => number;
  /** Instead of the connections that this process shares. */
  readonly dispatcher?: Dispatcher;
  /** Told before each wait between two tries. */
  readonly onWait?: (wait: Wait) => void;
  /** Awaited before each try of a request that changes something. Default: nothing. */
  readonly beforeWrite?: () => Promise<void>;
  /** Told, in a sentence, of list items that could not be read and were passed over. Default: nobody. */
  readonly onSkip?: (sentence: string) => void;
  /** A sentence that the error of a refused key ends with: where the key came from, and what helps. */
  readonly keyAdvice?: string;
  /** Milliseconds for one try of a request; default 120,000, since large pages take well over 30 s. */
  readonly requestTimeoutMs?: number;
}
