/**
 * What a change of the program, or of the world, leads to, row by row, with the requests that it made. `printTable` in
 * this folder prints the rows as they were played.
 */
import assert from "node:assert/strict";
import { forEachEngine } from "../harness/engine/engines";
import { chains } from "./changes";
import { playChain } from "./played";
import { sideBySide } from "./sideBySide";

forEachEngine(
  "the table of changes",
  (engine) => {
    const scenario = sideBySide();
    for (const chain of chains) {
      scenario(chain.name, async () => {
        const { played, judgement } = await playChain(engine, chain);
        for (const { change, operation, result, requests } of played) {
          assert.equal(operation.ok, Array.isArray(change.result), `${change.what}: ${operation.text}`);
          if (change.result instanceof RegExp)
            assert.match(operation.errors.join("\n"), change.result, change.what);
          else assert.deepEqual(result, change.result, change.what);
          assert.deepEqual(requests, change.requests, change.what);
          if (change.says !== undefined) assert.match(operation.text, change.says, change.what);
        }
        const { doubleClaims, doubleCharges, deactivations } = judgement;
        assert.deepEqual([doubleClaims, doubleCharges, deactivations], [[], [], []]);
      });
    }
  },
  { shortForm: "none" },
);
