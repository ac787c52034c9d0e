import assert from "node:assert/strict";
import {
  all,
  clientOf,
  failureOf,
  Gathering,
  type Given,
  iccid,
  ORG,
  ok,
  type RawServer,
  type Script,
  withServer,
} from "./support";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const links = (ids: readonly number[]) =>
  ids.map((id) => ({ id, sim: iccid(id), deviceid: 1_000_000 + id, state: "LIVE" }));
const devices = (ids: readonly number[]) =>
  ids.map((id) => ({
    id: 1_000_000 + id,
    orgid: ORG,
    links: { cellular: [{ id, sim: iccid(id), state: "LIVE" }] },
  }));
const gone: Given = { status: 404, body: { success: false, error: "Not found" } };

/** Runs `test` with a client on a server that serves `script`. */
function reading(
  script: Script,
  test: (client: ReturnType<typeof clientOf>, server: RawServer) => Promise<void>,
) {
  return withServer(script, (server) => test(clientOf(server), server));
}

/** A page of a listing in which none of the SIMs that a test asks for stands, and which goes on. */
const strangers = (after: number): Given => {
  const ids = numbers(1_000).map((n) => after - n);
  return ok(links(ids), { continues: true, lastid: after - 1_000 });
};

describe("listing SIMs", () => {
  it("lists the range of many ICCIDs that lie close together, and asks for none by name", () =>
    reading(
      ({ query }) => {
        const after = Number(query.get("startafter") ?? 2_501);
        const ids = numbers(1_000).map((n) => after - n);
        return ok(links(ids.filter((id) => id > 0)), { continues: after > 1_000, lastid: after - 1_000 });
      },
      async (client, server) => {
        const iccids = numbers(2_500)
          .filter((n) => n % 2 === 0)
          .map(iccid);
        const found = await all(client.simsByIccid(ORG, iccids.toReversed()));
        assert.deepEqual(found.map((sim) => sim.iccid).sort(), iccids);
        assert.equal(server.seen.length, 3);
        for (const { query } of server.seen) {
          assert.equal(query.get("simrange"), `${iccid(2)}-${iccid(2_500)}`);
          assert.equal(query.get("sims"), null);
        }
      },
    ));

  it("asks by name for what a range full of others did not show, and never again for what is final", () =>
    reading(
      ({ query }) => {
        const asked = query
          .get("sims")
          ?.split(",")
          .map((text) => Number(text.slice(-8)));
        if (asked !== undefined) return ok(links(asked));
        const after = query.get("startafter");
        // The newest 150 of the page are wanted, which is as cheap as by name; the next page holds none.
        return after === null
          ? ok(links(numbers(1_000).map((n) => 8_151 - n)), { continues: true, lastid: 7_151 })
          : strangers(7_000);
      },
      async (client, server) => {
        const wanted = [...numbers(450), ...numbers(150).map((n) => 8_000 + n)].map(iccid);
        const found = await all(client.simsByIccid(ORG, wanted, () => true));
        assert.deepEqual(found.map((sim) => sim.iccid).sort(), wanted);
        const byName = server.seen.flatMap(({ query }) => query.get("sims")?.split(",") ?? []);
        assert.deepEqual(byName.sort(), wanted.slice(0, 450));
        assert.ok(server.seen.length <= 3 + 5, `${server.seen.length} requests`);
      },
    ));

  it("lists a range for each length of ICCIDs, because a range has ends of one", () => {
    const lengths = (range: string) => range.split("-").map(({ length }) => length);
    const wanted = numbers(120).flatMap((n) => [iccid(n), `${iccid(n)}0`]);
    return reading(
      () => ok([]),
      async (client, server) => {
        await all(client.simsByIccid(ORG, wanted));
        const ranges = server.seen.flatMap(({ query }) => query.get("simrange") ?? []);
        assert.ok(ranges.length === 2 && ranges.map(lengths).every(([first, last]) => first === last));
      },
    );
  });

  it("asks for 100 ICCIDs a request, each once, four requests at a time", () => {
    const four = new Gathering(4, 10);
    return reading(
      async ({ query }) => {
        if (query.has("simrange")) return strangers(9_000);
        await four.join();
        const asked = query.get("sims")?.split(",") ?? [];
        return ok(links(asked.map((text) => Number(text.slice(-8)))));
      },
      async (client, server) => {
        const iccids = numbers(950).map(iccid);
        const found = await all(client.simsByIccid(ORG, [...iccids, ...iccids.slice(0, 60)]));
        assert.deepEqual(
          found.map((sim) => sim.iccid),
          iccids,
        );
        assert.equal(server.seen.filter(({ query }) => query.has("sims")).length, 10);
        // The page of the range that told that it is full of others, and the one that was under way by then.
        assert.ok(server.seen.length <= 12);
        assert.equal(server.mostAtOnce(), 4);
        for (const { query } of server.seen) {
          assert.equal(query.get("orgid"), String(ORG));
          assert.equal(query.get("limit"), "1000");
        }
      },
    );
  });

  it("asks for a range as it is, page by page, and for one page ahead of what is wanted at most", () =>
    reading(
      ({ query }) => {
        const after = Number(query.get("startafter") ?? 9_000);
        return ok(links(numbers(1_000).map((n) => after - n)), { continues: true, lastid: after - 1_000 });
      },
      async (client, server) => {
        let count = 0;
        for await (const sims of client.simsInRange(ORG, iccid(1), iccid(9_999))) {
          count += sims.length;
          if (count > 2_000) break;
        }
        assert.deepEqual(server.seen.map(({ query }) => query.get("startafter")).slice(0, 3), [
          null,
          "8000",
          "7000",
        ]);
        assert.ok(server.seen.length <= 4);
        assert.equal(server.seen[0]?.query.get("simrange"), `${iccid(1)}-${iccid(9_999)}`);
      },
    ));

  it("asks for 100 devices a request", () =>
    reading(
      ({ query }) => ok(links((query.get("deviceids") ?? "").split(",").map((id) => Number(id) - 1_000_000))),
      async (client, server) => {
        const found = await all(
          client.simsByDevice(
            ORG,
            numbers(250).map((n) => 1_000_000 + n),
          ),
        );
        assert.equal(found.length, 250);
        assert.equal(server.seen.length, 3);
      },
    ));

  it("sends nothing for nothing", () =>
    reading(
      () => ok([]),
      async (client, server) => {
        assert.deepEqual(await all(client.simsByIccid(ORG, [])), []);
        assert.deepEqual(await all(client.simsByDevice(ORG, [])), []);
        assert.equal(server.seen.length, 0);
      },
    ));

  describe("of a wide range", () => {
    const WIDTH = 400_000;
    /** One number in 500 is a card; pages of 90 of them, newest first. */
    const cards = (range: string | null, after: number): Given => {
      const [first = 0, last = 0] = (range ?? "").split("-").map((text) => Number(text.slice(11)));
      const ids = numbers(WIDTH / 500).map((n) => n * 500);
      const left = ids.filter((id) => id >= first && id <= last && id < after).toReversed();
      return ok(links(left.slice(0, 90)), { continues: left.length > 90, lastid: left[89] });
    };
    const afterOf = (query: URLSearchParams) => Number(query.get("startafter") ?? WIDTH + 1);
    const wide = (client: ReturnType<typeof clientOf>) => client.simsInRange(ORG, iccid(1), iccid(WIDTH));

    const isWhole = (query: URLSearchParams) => query.get("simrange") === `${iccid(1)}-${iccid(WIDTH)}`;

    it("reads four parts of it side by side after the first page, and names every SIM once", () => {
      const four = new Gathering(4, 12);
      return reading(
        async ({ query }) => {
          if (!isWhole(query)) await four.join();
          return cards(query.get("simrange"), afterOf(query));
        },
        async (client, server) => {
          const found = await all(wide(client));
          assert.deepEqual(
            found.map((sim) => sim.linkId).sort((a, b) => a - b),
            numbers(WIDTH / 500).map((n) => n * 500),
          );
          assert.equal(server.seen.length, 1 + 12);
          const ranges = new Set(server.seen.slice(1).map(({ query }) => query.get("simrange")));
          assert.deepEqual([...ranges].sort(), [
            `${iccid(1)}-${iccid(100_000)}`,
            `${iccid(100_001)}-${iccid(200_000)}`,
            `${iccid(200_001)}-${iccid(300_000)}`,
            `${iccid(300_001)}-${iccid(400_000)}`,
          ]);
        },
      );
    });

    it("fails when one part does: half a reading would look like lost SIMs", () =>
      reading(
        ({ query }) => {
          const isBroken = query.get("simrange")?.startsWith(iccid(200_001)) && query.has("startafter");
          return isBroken ? ok("half") : cards(query.get("simrange"), afterOf(query));
        },
        async (client) => {
          await assert.rejects(all(wide(client)), /its data is not a list/);
        },
      ));

    it("asks for no further page of any part when nobody reads on", () =>
      reading(
        ({ query }) => cards(query.get("simrange"), afterOf(query)),
        async (client, server) => {
          for await (const _ of wide(client)) break;
          assert.equal(server.seen.length, 1);
          let page = 0;
          for await (const _ of wide(client)) if (++page === 2) break;
          // Of each part the first page, and the second, which is fetched while the first is used.
          assert.ok(server.seen.length <= 2 + 8, `${server.seen.length}`);
        },
      ));

    it("takes one request where a page holds all of its SIMs", () =>
      reading(
        () => ok(links([5, 300_000])),
        async (client, server) => {
          assert.equal((await all(wide(client))).length, 2);
          assert.equal(server.seen.length, 1);
        },
      ));

    it("reads a range that is not wide, or whose ends have not as many digits, as it is", () =>
      reading(
        () => ok([]),
        async (client, server) => {
          const ends: [string, string][] = [
            [iccid(1), iccid(199_999)],
            [iccid(1), `${iccid(1)}0`],
          ];
          for (const [first, last] of ends) await all(client.simsInRange(ORG, first, last));
          assert.deepEqual(
            server.seen.map(({ query }) => query.get("simrange")),
            ends.map((each) => each.join("-")),
          );
        },
      ));
  });

  it("passes on only what was asked for, even from a server that does not filter", () =>
    reading(
      () => ok(links([5, 4, 3, 2, 1])),
      async (client) => {
        const ids = async (sims: AsyncIterable<readonly { linkId: number }[]>) =>
          (await all(sims)).map((sim) => sim.linkId);
        assert.deepEqual(await ids(client.simsByIccid(ORG, [iccid(2), iccid(9)])), [2]);
        assert.deepEqual(await ids(client.simsInRange(ORG, iccid(2), iccid(4))), [4, 3, 2]);
        assert.deepEqual(await ids(client.simsByDevice(ORG, [1_000_005])), [5]);
        assert.deepEqual(await ids(client.simsOf(ORG)), [5, 4, 3, 2, 1]);
      },
    ));

  it("leaves no failure unhandled when one of several requests fails", () =>
    reading(
      ({ query }) =>
        query.has("simrange")
          ? strangers(9_000)
          : query.get("sims")?.startsWith(iccid(301))
            ? { status: 400, body: { error: "no" } }
            : ok([]),
      async (client) => {
        const error = await failureOf(all(client.simsByIccid(ORG, numbers(900).map(iccid))));
        assert.equal(error.name, "ApiError");
      },
    ));

  it("ends with an error when the server repeats itself", () =>
    reading(
      () => ok(links([2, 1]), { continues: true, lastid: 1 }),
      async (client, server) => {
        await assert.rejects(all(client.simsOf(ORG)), /repeat themselves/);
        assert.equal(server.seen.length, 2);
      },
    ));

  describe("where /links/cellular is gone", () => {
    const script =
      (status: number): Script =>
      ({ path, query }) => {
        if (path === "/links/cellular") return { ...gone, status };
        const one = query.get("sim");
        const ids = query.get("ids");
        if (one !== null) return ok(devices([Number(one.slice(-8))]));
        return ok(devices(ids === null ? numbers(50) : ids.split(",").map((id) => Number(id) - 1_000_000)));
      };

    for (const status of [404, 410]) {
      it(`reads /devices after a ${status}, and remembers it`, () =>
        withServer(script(status), async (server) => {
          const found = await all(clientOf(server).simsByIccid(ORG, [iccid(7), iccid(8)]));
          assert.deepEqual(
            found.map((sim) => [sim.linkId, sim.deviceId]),
            [
              [7, 1_000_007],
              [8, 1_000_008],
            ],
          );
          const paths = () =>
            server.seen
              .splice(0)
              .map(({ path, query }) => `${path} ${query.get("sim") ?? query.get("ids") ?? ""}`);
          assert.deepEqual(paths(), ["/links/cellular ", `/devices ${iccid(7)}`, `/devices ${iccid(8)}`]);

          const another = clientOf(server);
          assert.equal((await all(another.simsByIccid(ORG, numbers(30).map(iccid)))).length, 30);
          assert.deepEqual(paths(), ["/devices "]);
          assert.equal((await all(another.simsInRange(ORG, iccid(3), iccid(6)))).length, 4);
          assert.deepEqual(paths(), ["/devices "]);
          assert.equal((await all(another.simsByDevice(ORG, [1_000_009]))).length, 1);
          assert.deepEqual(paths(), ["/devices 1000009"]);
          assert.equal((await all(another.simsOf(ORG))).length, 50);
        }));
    }

    it("does not remember a 404 that /devices answers too", () => {
      let back = false;
      return withServer(
        ({ path }) => (back && path === "/links/cellular" ? ok(links([1])) : gone),
        async (server) => {
          const client = clientOf(server);
          await assert.rejects(all(client.simsOf(ORG)), { status: 404 });
          back = true;
          assert.equal((await all(client.simsOf(ORG))).length, 1);
        },
      );
    });

    it("does not begin anew in the middle of a list", () =>
      withServer(
        (_, n) => (n === 1 ? ok(links([2]), { continues: true, lastid: 2 }) : gone),
        async (server) => {
          await assert.rejects(all(clientOf(server).simsOf(ORG)), { status: 404 });
          assert.equal(server.seen.length, 2);
        },
      ));
  });
});
