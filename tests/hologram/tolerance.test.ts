import assert from "node:assert/strict";
import { UnreadableAnswerError } from "../../provider/hologram/errors";
import { all, clientOf, failureOf, iccid, JumpingClock, ORG, ok, withServer } from "./support";

const link = (id: number, more: object = {}) => ({
  id,
  sim: iccid(id),
  deviceid: 100 + id,
  state: "LIVE",
  ...more,
});
const noSim = { id: 2, pin: "PIN-SECRET", state: "LIVE" };

describe("one list item that cannot be read", () => {
  it("is passed over and told of, in a list of SIMs and in any other", () =>
    withServer(
      ({ path }) =>
        ok(
          path === "/links/cellular"
            ? [link(1), noSim, link(3)]
            : [{ id: 5, name: "Flat" }, { name: "No id" }],
        ),
      async (server) => {
        const told: string[] = [];
        const client = clientOf(server, { onSkip: (sentence) => told.push(sentence) });
        for (const pages of [client.simsOf(ORG), client.simsInRange(ORG, iccid(1), iccid(9))]) {
          assert.deepEqual(
            (await all(pages)).map(({ linkId }) => linkId),
            [1, 3],
          );
        }
        assert.deepEqual(
          (await client.plans(ORG)).map(({ id }) => id),
          [5],
        );
        assert.equal(told.length, 3);
        assert.match(
          told[0] ?? "",
          /^1 item of Hologram's answer to GET \/links\/cellular cannot be read and was passed over \(no usable sim in item 2 of its list\)/,
        );
        assert.match(told[2] ?? "", /GET \/plans cannot be read.*\(no usable id\)/);
        assert.ok(!told.join().includes("PIN-SECRET"));
      },
    ));

  it("is an error where it is the only one: then the answer has another form", () =>
    withServer(
      () => ok([{ name: "No id" }]),
      async (server) => {
        assert.ok((await failureOf(clientOf(server).plans(ORG))) instanceof UnreadableAnswerError);
      },
    ));

  it("is an error where it is one of the SIMs that were asked for: it would look as if it were gone", () =>
    withServer(
      () => ok([link(1), { ...link(2), id: null }, link(3)]),
      async (server) => {
        const client = clientOf(server);
        const asked = [
          client.simsByIccid(ORG, [iccid(1), iccid(2)]),
          client.simsInRange(ORG, iccid(1), iccid(9)),
          client.simsByDevice(ORG, [102]),
        ];
        for (const pages of asked) assert.ok((await failureOf(all(pages))) instanceof UnreadableAnswerError);
        for (const pages of [client.simsByIccid(ORG, [iccid(1), iccid(3)]), client.simsOf(ORG)]) {
          assert.deepEqual(
            (await all(pages)).map(({ linkId }) => linkId),
            [1, 3],
          );
        }
      },
    ));
});

describe("a server that does not heed orgid", () => {
  it("shows the SIMs of other organizations, which are left out where they say so", () =>
    withServer(
      () => ok([link(1, { orgid: ORG }), link(2, { orgid: ORG + 1 }), link(3)]),
      async (server) => {
        const client = clientOf(server);
        const asked = [
          client.simsOf(ORG),
          client.simsInRange(ORG, iccid(1), iccid(9)),
          client.simsByDevice(ORG, [101, 102, 103]),
          client.simsByIccid(ORG, [iccid(1), iccid(2), iccid(3)]),
        ];
        for (const pages of asked)
          assert.deepEqual(
            (await all(pages)).map(({ linkId }) => linkId),
            [1, 3],
          );
      },
    ));
});

describe("the account's time", () => {
  const clock = new JumpingClock();
  const minutes = (count: number): number => count * 60_000;

  it("is that of the newest answer, and this machine's before it and where the two agree", () => {
    const dates = [clock.now() + minutes(10), clock.now() + 900, undefined];
    return withServer(
      (_seen, n) => {
        const date = dates[n - 1];
        return { ...ok([]), headers: date === undefined ? {} : { date: new Date(date).toUTCString() } };
      },
      async (server) => {
        const client = clientOf(server, { clock });
        assert.equal(client.serverNow(), clock.now());
        await client.plans(ORG);
        assert.equal(client.serverNow(), clock.now() + minutes(10));
        await client.plans(ORG);
        assert.equal(client.serverNow(), clock.now());
        await client.plans(ORG);
        assert.equal(client.serverNow(), clock.now());
      },
    );
  });

  it("decides whether Test Mode is over, whatever this machine's clock says", () => {
    const at = (time: number) => new Date(time).toISOString().slice(0, 19).replace("T", " ");
    const ends = clock.now() + minutes(5);
    const times = {
      preflight_starttime: at(clock.now() - minutes(60)),
      preflight_scheduled_endtime: at(ends),
    };
    const row = link(1, { ...times, whenclaimed: "0000-00-00 00:00:00" });
    return withServer(
      () => ({ ...ok([row]), headers: { date: new Date(clock.now() + minutes(10)).toUTCString() } }),
      async (server) => {
        const [sim] = await all(clientOf(server, { clock }).simsOf(ORG));
        assert.equal(sim?.testMode, false);
      },
    );
  });
});
