/** What a check came to. */
export interface Verdict {
  /** What was looked at, in a word or two. */
  readonly topic: string;
  readonly level: Level;
  /** What was found: one sentence, or a part of one, without a full stop. */
  readonly text: string;
  /** More of it, a line each. */
  readonly details?: readonly string[];
  /** What to do. */
  readonly advice?: string;
}

export type Level =
  | "good"
  /** Fleets work, and something may surprise. */
  | "warning"
  /** Fleets do not work, or not for long. */
  | "bad";

export type Found = Omit<Verdict, "topic" | "level">;

export function good(topic: string, text: string, more: Omit<Found, "text"> = {}): Verdict {
  return { topic, level: "good", text, ...more };
}

export function warning(topic: string, text: string, advice: string, details?: readonly string[]): Verdict {
  return { topic, level: "warning", text, advice, ...(details === undefined ? {} : { details }) };
}

export function bad(topic: string, text: string, advice: string, details?: readonly string[]): Verdict {
  return { ...warning(topic, text, advice, details), level: "bad" };
}
