/** How long the outcome of a request may take to show. */
export interface Settling {
  /** How long a claim without an answer may still be landing, in seconds. */
  readonly claimSettleSeconds: number;
}

/** How long one run waits for the world to settle: a fifth of what a claim may take to land. */
export function readBackTimeoutMs({ claimSettleSeconds }: Settling): number {
  return (claimSettleSeconds * 1000) / 5;
}
