import assert from "node:assert/strict";
import fc from "fast-check";
import { type Envelope, readEnvelope } from "../../provider/hologram/envelope";
import { SimListing } from "../../provider/hologram/listing";
import { AccountPace } from "../../provider/hologram/pacing";
import { all, iccid, ORG } from "./support";

const PAGE = 1_000;
const BY_NAME = 100;

/** An inventory, newest first, by the share of each of its pages that is asked for. */
const inventories = fc.array(fc.constantFrom(0, 0.02, 0.09, 0.1, 0.11, 0.5, 1), {
  minLength: 1,
  maxLength: 9,
});

/** Reads what is asked for; returns the requests that it took. */
async function requestsFor(
  shares: readonly number[],
  isFinal: boolean,
): Promise<[wanted: number, requests: number]> {
  const last = shares.length * PAGE;
  const isWanted = (id: number): boolean => {
    const place = last - id;
    return place % PAGE < (shares[Math.floor(place / PAGE)] ?? 0) * PAGE;
  };
  const wanted = Array.from({ length: last }, (_, i) => i + 1)
    .filter(isWanted)
    .map(iccid);
  const link = (id: number) => ({ id, sim: iccid(id), state: isFinal ? "LIVE" : "INACTIVE" });
  let requests = 0;
  const listing = new SimListing({
    pace: new AccountPace(),
    onSkip: () => undefined,
    now: () => 0,
    aheadMs: () => 0,
    fetchPage: async (_path, { sims, startafter }) => {
      requests++;
      if (sims !== undefined)
        return envelope(
          String(sims)
            .split(",")
            .map((text) => link(Number(text.slice(-8)))),
          false,
        );
      const after = Number(startafter ?? last + 1);
      const ids = Array.from({ length: Math.min(PAGE, after - 1) }, (_, i) => after - 1 - i);
      return envelope(ids.map(link), after - 1 > PAGE);
    },
  });
  const found = await all(listing.byIccid(ORG, wanted, () => isFinal));
  assert.deepEqual(new Set(found.map((sim) => sim.iccid)), new Set(wanted));
  return [wanted.length, requests];
}

const envelope = (data: unknown, continues: boolean): Envelope =>
  readEnvelope({ form: "json", value: { success: true, data, continues } });

describe("the requests of a listing by ICCID, wherever the SIMs stand in the inventory", () => {
  it("are those of asking by name and three more, where what was found is final", () =>
    fc.assert(
      fc.asyncProperty(inventories, async (shares) => {
        const [wanted, requests] = await requestsFor(shares, true);
        assert.ok(requests <= Math.ceil(wanted / BY_NAME) + 3, `${requests} for ${wanted}`);
      }),
      { numRuns: 40 },
    ));

  it("are twice as many at most, where every SIM that was found has to be asked for once more", () =>
    fc.assert(
      fc.asyncProperty(inventories, async (shares) => {
        const [wanted, requests] = await requestsFor(shares, false);
        assert.ok(requests <= 2 * Math.ceil(wanted / BY_NAME) + 2, `${requests} for ${wanted}`);
      }),
      { numRuns: 40 },
    ));
});
