/** What tests of whole programs look at again and again. */
import assert from "node:assert/strict";
import type { FleetStack, Operation } from "../harness/engine/fleetStack";

export function succeeded(operation: Operation): Operation {
  assert.ok(operation.ok, operation.text);
  return operation;
}

/** The operation failed, one of its errors matches, and each is one sentence or list, without a stack trace. */
export function failedWith(operation: Operation, words: RegExp): Operation {
  assert.equal(operation.ok, false, operation.text);
  assert.match(operation.errors.join("\n"), words);
  return operation;
}

/** ICCIDs that the operation was charged for, ascending. */
export function charged({ charges }: Operation): string[] {
  return charges.map(({ iccid }) => iccid).sort();
}

/** Every SIM that any request paused, ascending. */
export function pausedBy({ emulator }: FleetStack): string[] {
  const { pauses } = emulator.judgement();
  return pauses.map(({ iccid }) => iccid).sort();
}

/** The stack output `results` of one fleet, secrets opened. */
export function resultOf({ outputs }: Operation, fleet = "fleet"): Record<string, unknown> {
  return Object(Reflect.get(Object(outputs.results), fleet));
}

export function previewOf({ outputs }: Operation, fleet = "fleet"): Record<string, unknown> {
  return Object(Reflect.get(Object(outputs.previews), fleet));
}

/** The steps about one fleet. */
export function opsOf({ steps }: Operation, fleet = "fleet"): string[] {
  return steps.filter(({ name }) => name === fleet).map(({ op }) => op);
}

/** These SIMs and no others are held, ascending, each with the device and link that the account gave it. */
export function assertHeld(
  { emulator }: FleetStack,
  held: Readonly<Record<string, unknown>>,
  iccids: readonly string[],
): void {
  const sims = iccids.map((iccid) => emulator.sim(iccid));
  const { simCount, deviceIds, linkIds } = held;
  assert.deepEqual(held.iccids, iccids);
  assert.deepEqual(
    { simCount, deviceIds, linkIds },
    {
      simCount: iccids.length,
      deviceIds: sims.map(({ deviceId }) => deviceId),
      linkIds: sims.map(({ linkId }) => linkId),
    },
  );
}

/** So many charges, none twice, no claim twice, none beside another, none too large; nothing deactivated. */
export function assertNothingWrong({ emulator }: FleetStack, charges: number): void {
  const { doubleClaims, doubleCharges, deactivations, concurrentClaims, maxSimsInOneClaim } =
    emulator.judgement();
  assert.deepEqual(
    { doubleClaims, doubleCharges, deactivations, concurrentClaims },
    {
      doubleClaims: [],
      doubleCharges: [],
      deactivations: [],
      concurrentClaims: [],
    },
  );
  assert.ok(maxSimsInOneClaim <= 2_500);
  assert.equal(emulator.ledger.length, charges);
}
