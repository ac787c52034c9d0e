/** A test of the program beside it: the real SDK and provider, an emulated account, no CLI and no network. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedEngine, startEmulator } from "pulumi-hologram/testing";

describe("the meters", () => {
  const directory = mkdtempSync(join(tmpdir(), "meters-"));
  after(() => rmSync(directory, { recursive: true }));

  it("are activated once, with a data limit", async () => {
    const account = await startEmulator();
    account.addPack({ first: "89445001021983048260", count: 20, step: 10 });
    const env = { HOLOGRAM_BASE_URL: account.url, HOLOGRAM_API_KEY: account.apiKey };
    const stack = await embeddedEngine().stack({ program: require.resolve("./index"), env, directory });

    const up = await stack.up();
    assert.equal(up.outputs.simCount, 20, up.text);
    assert.equal(account.ledger.length, 20);
    assert(account.sims().every(({ overageLimit }) => overageLimit === 5_000_000));

    await stack.close();
    await account.close();
  });
});
