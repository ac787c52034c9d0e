import assert from "node:assert/strict";
import { createServer } from "node:net";
import { handler } from "../../provider/dynamic";
import { engineIsThere } from "../../provider/dynamic/engine";
import { Session } from "../../provider/dynamic/session";
import { cards, PLAN, withFleet } from "../support/providerFleet";

/** An address at which something listened until a moment ago. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const place = server.address();
  assert(typeof place === "object" && place !== null);
  const address = `127.0.0.1:${place.port}`;
  assert.equal(await engineIsThere(address), true);
  await new Promise((resolve) => server.close(resolve));
  return address;
}

describe("dynamic: the engine", () => {
  it("is there while it listens, and where nobody says that there is one", async () => {
    assert.equal(await engineIsThere(await deadAddress()), false);
    assert.equal(await engineIsThere(undefined), true);
  });

  it("once it is gone nothing is claimed, and the process ends", () =>
    withFleet({}, async ({ emulator, environment }) => {
      let leave: () => void = () => undefined;
      const left = new Promise<void>((resolve) => {
        leave = resolve;
      });
      const provider = handler(new Session(environment, undefined, undefined, leave));
      process.argv.push(await deadAddress());
      try {
        const checked = await provider.check?.({}, { sims: cards(3), plan: PLAN });
        const created = provider.create(checked?.inputs).then(() => "created");
        assert.equal(await Promise.race([left.then(() => "left"), created]), "left");
        assert.deepEqual(emulator.writes(), []);
        assert(emulator.requests.length > 0);
      } finally {
        process.argv.pop();
      }
    }));
});
