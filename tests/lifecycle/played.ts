/** Plays a chain of changes on an engine, and tells what each led to. */
import assert from "node:assert/strict";
import type { Judgement, SeenRequest } from "../../provider/testing/emulator";
import type { Engine } from "../../provider/testing/engine";
import { account, type Operation, withFleets } from "../harness/engine/fleetStack";
import { succeeded } from "./asserts";
import { type Chain, type Change, makeTags, PACK, PLANS } from "./changes";

/** A change as it was played. */
export interface Played {
  readonly change: Change;
  readonly operation: Operation;
  /** Operations on fleets; empty where all stay as they are. */
  readonly result: readonly string[];
  readonly requests: readonly string[];
}

export interface PlayedChain {
  readonly played: readonly Played[];
  readonly judgement: Judgement;
}

export async function playChain(engine: Engine, { changes }: Chain): Promise<PlayedChain> {
  const played: Played[] = [];
  let judgement: Judgement | undefined;
  const setup = { account: { ...account, plans: PLANS, packs: [PACK] }, behaviour: { settleReads: 0 } };
  await withFleets(engine, setup, async (fleets) => {
    for (const change of changes(await makeTags(fleets))) {
      if (change.fleets !== undefined) fleets.declareAll({ fleets: change.fleets, outputs: false });
      change.world?.(fleets);
      if (change.refreshes) succeeded(await fleets.refresh());
      const operation = await fleets.up({ preview: true });
      played.push({ change, operation, result: resultOf(operation), requests: requestsOf(operation) });
    }
    judgement = fleets.emulator.judgement();
  });
  assert.ok(judgement);
  return { played, judgement };
}

function resultOf({ steps }: Operation): string[] {
  return steps
    .filter(({ op, type }) => op !== "same" && type.endsWith("/hologram:SimActivation"))
    .map(({ op, name }) => `${op} ${name}`);
}

/** "3 reads", "2 × preview of a range", "claim of 5 SIMs", "changeplan of 10 SIMs": what comes in a row is counted. */
function requestsOf({ requests }: Operation): string[] {
  const counted: { readonly kind: string; times: number }[] = [];
  for (const request of requests) {
    const kind = kindOf(request);
    const last = counted.at(-1);
    if (last?.kind === kind) last.times++;
    else counted.push({ kind, times: 1 });
  }
  return counted.map(({ kind, times }) =>
    kind === "read"
      ? `${times} ${times === 1 ? "read" : "reads"}`
      : times === 1
        ? kind
        : `${times} × ${kind}`,
  );
}

function kindOf({ method, path, query, body }: SeenRequest): string {
  if (method === "GET") return "read";
  const { sims, deviceids }: Record<string, unknown> = Object(body);
  const named = sims ?? deviceids;
  const many = Array.isArray(named) ? `${named.length} ${named.length === 1 ? "SIM" : "SIMs"}` : "a range";
  const last = path.split("/").at(-1);
  const kind = last !== "bulkclaim" ? last : query.preview === undefined ? "claim" : "preview";
  return `${kind} of ${many}`;
}
