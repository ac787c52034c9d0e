import assert from "node:assert/strict";
import { RateLimitedError, UnreachableError, type Wait } from "../../provider/hologram";
import {
  all,
  clientOf,
  failureOf,
  Gathering,
  type Given,
  HeldClock,
  iccid,
  JumpingClock,
  ORG,
  ok,
  serve,
  until,
  withServer,
} from "./support";

const limited: Given = { status: 429, body: { success: false, error: "API rate limit exceeded" } };
const claim = { orgId: ORG, target: { sims: [iccid(1)] }, plan: 2096, zone: "global" };

describe("requests", () => {
  it("carry the key as Basic credentials of the user apikey", () =>
    withServer(
      () => ok([]),
      async (server) => {
        await clientOf(server, { apiKey: " the-key\n" }).organizations();
        const expected = Buffer.from("apikey:the-key").toString("base64");
        assert.equal(server.seen[0]?.authorization, `Basic ${expected}`);
        assert.equal(server.seen[0]?.query.size, 0);
      },
    ));

  it("wait out a 429 as JSON, as text, and with status 200, and say so", () =>
    withServer(
      (_, n) =>
        [limited, { status: 429, body: "slow down" }, { ...limited, status: 200 }][n - 1] ??
        ok([{ id: 1, name: "a" }]),
      async (server) => {
        const clock = new JumpingClock();
        const waits: Wait[] = [];
        const client = clientOf(server, { clock, onWait: (wait) => waits.push(wait) });
        assert.deepEqual(await client.organizations(), [{ id: 1, name: "a" }]);
        assert.deepEqual(clock.sleeps, [5_000, 10_000, 20_000]);
        assert.deepEqual(
          waits,
          [5, 10, 20].map((seconds) => ({ seconds, what: "rate limited" })),
        );
      },
    ));

  it("honour Retry-After in seconds and as a date", () =>
    withServer(
      (_, n) => {
        const date = new Date(Date.UTC(2026, 0, 1, 0, 1, 0)).toUTCString();
        return n <= 2 ? { ...limited, headers: { "retry-after": n === 1 ? "7" : date } } : ok([]);
      },
      async (server) => {
        const clock = new JumpingClock();
        await clientOf(server, { clock }).organizations();
        assert.deepEqual(clock.sleeps, [7_000, 53_000]);
      },
    ));

  it("give up on a rate limit after five minutes, whatever the kind", () =>
    withServer(
      () => limited,
      async (server) => {
        const read = new JumpingClock();
        const error = await failureOf(clientOf(server, { clock: read }).organizations());
        assert.ok(error instanceof RateLimitedError);
        assert.match(error.message, /GET \/organizations: "API rate limit exceeded"/);
        const write = new JumpingClock();
        await assert.rejects(
          clientOf(server, { clock: write }).setState(ORG, [1], "pause"),
          RateLimitedError,
        );
        const claimed = new JumpingClock();
        const answer = await clientOf(server, { clock: claimed }).claim(claim);
        assert.deepEqual(answer, {
          kind: "refused",
          cause: "rateLimit",
          isRejected: true,
          message: "API rate limit exceeded",
        });
        for (const { sleeps } of [read, write, claimed]) {
          assert.equal(
            sleeps.reduce((sum, each) => sum + each, 0),
            300_000,
          );
        }
      },
    ));

  it("repeat reads that meet 5xx, drops, half answers and silence: four times at most", async () => {
    const faults: Given[] = [
      { status: 500, body: "oops" },
      { status: 502, body: "<html>Bad Gateway</html>" },
      { how: "drop" },
      { how: "half", body: { success: true, data: [] } },
      { how: "hang" },
    ];
    for (const fault of faults) {
      await withServer(
        (_, n) => (n % 4 === 0 ? ok([]) : fault),
        async (server) => {
          const clock = new JumpingClock();
          const client = clientOf(server, { clock, requestTimeoutMs: 60 });
          assert.deepEqual(await client.organizations(), []);
          assert.deepEqual(clock.sleeps, [500, 1_000, 2_000]);
        },
      );
      await withServer(
        () => fault,
        async (server) => {
          await assert.rejects(clientOf(server, { requestTimeoutMs: 60 }).organizations());
          assert.equal(server.seen.length, 4);
        },
      );
    }
  });

  it("never repeat changes and claims that may have been carried out", async () => {
    const faults: Given[] = [
      { status: 500 },
      { status: 503, body: "busy" },
      { how: "drop" },
      { how: "half", body: "{}" },
      { how: "hang" },
    ];
    for (const fault of faults) {
      await withServer(
        () => fault,
        async (server) => {
          const client = clientOf(server, { requestTimeoutMs: 60 });
          assert.equal((await client.claim(claim)).kind, "doubtful");
          assert.equal(server.seen.length, 1);
          await assert.rejects(client.setState(ORG, [1], "pause"), { name: "DoubtfulError" });
          await assert.rejects(client.createTag(ORG, "t"), { name: "DoubtfulError" });
          assert.equal(server.seen.length, 3);
        },
      );
    }
  });

  it("never follow a redirect", () =>
    withServer(
      () => ok([]),
      async (elsewhere) =>
        withServer(
          () => ({ status: 307, headers: { location: `${elsewhere.url}/organizations` } }),
          async (server) => {
            const client = clientOf(server);
            await assert.rejects(client.organizations(), { name: "ApiError", status: 307 });
            await assert.rejects(client.setState(ORG, [1], "pause"), { name: "DoubtfulError" });
            assert.equal((await client.claim(claim)).kind, "doubtful");
            assert.equal(elsewhere.seen.length, 0);
          },
        ),
    ));

  it("say where nothing listens, and that nothing was done", async () => {
    const stopped = await serve(() => ok([]));
    await stopped.close();
    const { url } = stopped;
    const client = clientOf({ url });
    const error = await failureOf(client.organizations());
    assert.ok(error instanceof UnreachableError);
    assert.equal(error.code, "ECONNREFUSED");
    assert.equal(error.host, new URL(url).host);
    await assert.rejects(client.setState(ORG, [1], "pause"), UnreachableError);
    const answer = await client.claim(claim);
    assert.ok(answer.kind === "refused" && answer.cause === "other" && !answer.isRejected);
    assert.match(answer.message, /ECONNREFUSED.*nothing was claimed/);
  });

  it("take a name that cannot be resolved for a request that was not sent", async () => {
    const client = clientOf({ url: "https://hologram.invalid/api/1" });
    const answer = await client.claim(claim);
    assert.ok(answer.kind === "refused" && !answer.isRejected, JSON.stringify(answer));
  });

  it("run four at a time for one account, however many clients it has", () => {
    const four = new Gathering(4, 12);
    return withServer(
      async () => {
        await four.join();
        return ok([]);
      },
      async (server) => {
        const clients = [clientOf(server), clientOf(server), clientOf(server)];
        await Promise.all(Array.from({ length: 12 }, (_, i) => clients[i % 3]?.organizations()));
        assert.equal(server.seen.length, 12);
        assert.equal(server.mostAtOnce(), 4);
      },
    );
  });

  it("send nothing for an account while one of its requests waits after a 429", () =>
    withServer(
      (_, n) => (n === 1 ? limited : ok([])),
      async (server) => {
        const clock = new HeldClock();
        const first = clientOf(server, { clock }).organizations();
        await until(() => clock.sleeping === 1);
        const others = [
          clientOf(server).organizations(),
          clientOf(server).setState(ORG, [1], "pause"),
          clientOf(server).claim(claim),
          all(clientOf(server).simsByIccid(ORG, [iccid(1)])),
        ];
        const another = clientOf(server, { apiKey: "another key" }).organizations();
        await another;
        await new Promise((resolve) => setTimeout(resolve, 20));
        assert.equal(server.seen.length, 2, "the limited request and that of the other account");
        clock.wakeOne();
        await Promise.all([first, ...others]);
        assert.equal(server.seen.length, 7);
        assert.equal(server.seen[2]?.path, "/organizations", "the request that waited goes first");
      },
    ));

  it("put the request that waited before those that queue already", () =>
    withServer(
      async ({ path }, n) => {
        await new Promise((resolve) => setTimeout(resolve, n === 1 ? 0 : 10));
        return n === 1 ? limited : ok(path === "/organizations" ? [] : {});
      },
      async (server) => {
        const clock = new HeldClock();
        const client = clientOf(server, { clock });
        const all = [
          client.organizations(),
          ...Array.from({ length: 7 }, () => client.setState(ORG, [1], "pause")),
        ];
        await until(() => clock.sleeping === 1 && server.seen.length >= 4);
        assert.equal(server.seen.length, 4);
        clock.wakeOne();
        await Promise.all(all);
        assert.equal(server.seen[4]?.path, "/organizations");
        assert.equal(server.seen.length, 9);
      },
    ));

  it("send claims on a connection of their own, which no server can be closing just then", () =>
    withServer(
      () => ok([]),
      async (server) => {
        const client = clientOf(server);
        await client.organizations();
        await client.claim(claim);
        assert.deepEqual(
          server.seen.map(({ connection }) => connection),
          ["keep-alive", "close"],
        );
      },
    ));
});
