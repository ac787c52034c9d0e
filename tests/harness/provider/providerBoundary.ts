import assert from "node:assert/strict";
import type { Report, Values } from "./providerReport";

/** What arrives of a value on the other side of the wire; fails where something would be lost, or stop the call. */
export function cross(value: unknown): Values {
  const text = JSON.stringify(value);
  assert.deepEqual(value, JSON.parse(text), "not plain JSON: the engine could not take it");
  const arrived: unknown = JSON.parse(text, (_, each: unknown) => (isSecret(each) ? each.value : each));
  assert(typeof arrived === "object" && arrived !== null);
  return { ...arrived };
}

/** The engine hands secrets to a dynamic provider as they are: it takes none that are marked. */
function isSecret(value: unknown): value is { readonly value: unknown } {
  return typeof value === "object" && value !== null && SIGNATURE in value && "value" in value;
}
const SIGNATURE = "4dabf18193072939515e22adb298388d";

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
