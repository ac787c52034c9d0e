/** How long the outcome of a request may take to show. */
export interface Settling {
  /** How long a claim without an answer may still be landing, in seconds. */
  readonly claimSettleSeconds: number;
}

/** Until when a request that left just now, and got no answer that tells, may be landing. */
export function doubtEnds(now: number, { claimSettleSeconds }: Settling): number {
  return now + claimSettleSeconds * 1000;
}

/** How long one run waits for the world to settle, in milliseconds: a fifth of what a claim may take to land. */
export function patienceOf({ claimSettleSeconds }: Settling): number {
  return (claimSettleSeconds * 1000) / 5;
}
