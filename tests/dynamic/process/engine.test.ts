import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { handler } from "../../../provider/dynamic";
import { EngineWatch } from "../../../provider/dynamic/host/engineWatch";
import { Session } from "../../../provider/dynamic/host/session";
import { cards, PLAN, withFleet } from "../../harness/provider/providerFleet";

/** Something that listens as an engine does. */
async function listening(): Promise<{ server: Server; address: string }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const place = server.address();
  assert(typeof place === "object" && place !== null);
  return { server, address: `127.0.0.1:${place.port}` };
}

const closed = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve));

describe("dynamic: the engine", () => {
  it("is gone when it was there and does not listen any more", async () => {
    const { server, address } = await listening();
    const watch = new EngineWatch(() => address);
    await watch.meet();
    assert.equal(await watch.isGone(), false);
    await closed(server);
    assert.equal(await watch.isGone(), true);
  });

  it("is not gone where it never was: a process started by hand", async () => {
    const { server, address } = await listening();
    await closed(server);
    const watch = new EngineWatch(() => address);
    await watch.meet();
    assert.equal(await watch.isGone(), false);
    assert.equal(await new EngineWatch(() => undefined).isGone(), false);
  });

  it("once it is gone nothing is claimed, and the process ends", () =>
    withFleet({}, async ({ emulator, environment }) => {
      let leave: () => void = () => undefined;
      const left = new Promise<void>((resolve) => {
        leave = resolve;
      });
      const provider = handler(new Session(environment, undefined, leave));
      const { server, address } = await listening();
      process.argv.push(address);
      try {
        const checked = await provider.check?.({}, { sims: cards(3), plan: PLAN });
        await closed(server);
        const created = provider.create(checked?.inputs).then(() => "created");
        assert.equal(await Promise.race([left.then(() => "left"), created]), "left");
        assert.deepEqual(emulator.writes(), []);
        assert(emulator.requests.length > 0);
      } finally {
        process.argv.pop();
      }
    }));
});
