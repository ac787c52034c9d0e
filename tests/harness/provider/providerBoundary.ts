import assert from "node:assert/strict";
import type { Report, Values } from "./providerReport";

/** What arrives of a value on the other side of the wire; fails where something would be lost, or stop the call. */
export function cross(value: unknown): Values {
  const arrived: unknown = JSON.parse(JSON.stringify(value));
  assert.deepEqual(value, arrived, "not plain JSON: the engine could not take it");
  assert(typeof arrived === "object" && arrived !== null);
  return { ...arrived };
}

/** The provider process puts the provider's text back into every answer. */
export function withProvider(outs: unknown, props: Values): Values {
  return { ...cross(outs), __provider: props.__provider };
}

/** Does one step; an error of it is written down, as the engine would show it. */
export async function attempt(report: Report, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assert(error instanceof Error, "what is thrown must be an Error, or the engine waits for ever");
    report.errors.push(error.message);
  }
}
