/** The same account makes the same program, whatever edition of the API answers. */
import assert from "node:assert/strict";
import { type Behaviour, startEmulator } from "../../../provider/testing/emulator";
import { ended, runWith } from "../../harness/cli/commandLine";
import { account, card, cards, KEY, ORG, PLAN } from "../../harness/engine/fleetStack";

async function declared(behaviour: Partial<Behaviour>): Promise<string> {
  const emulator = await startEmulator({ account, behaviour: { settleReads: 0, ...behaviour } });
  try {
    emulator.addPack({ first: card(0), count: 30, step: 10 });
    const flat = { plan: PLAN, zone: "global", orgId: ORG };
    emulator.activateByHand(cards(0, 12), { ...flat, overageLimit: 5_000_000, threshold: 4_000_000 });
    emulator.activateByHand(cards(12, 14), { ...flat, overageLimit: 5_000_000, threshold: 6_000_000 });
    emulator.activateByHand([card(20)], flat);
    emulator.dashboard.tag(cards(0, 12), "depot");
    const running = runWith({ env: { HOLOGRAM_API_KEY: KEY, HOLOGRAM_BASE_URL: emulator.url } }, "declare");
    assert.equal(await ended(running), 0, running.errors());
    assert.deepEqual(emulator.writes(), []);
    return running.output();
  } finally {
    await emulator.close();
  }
}

describe("declare, in every edition of the API", () => {
  let usual = "";
  before(async () => {
    usual = await declared({});
  });

  it("writes limits, and no threshold that a program may not declare", () => {
    assert.match(
      usual,
      /overageLimit: 5_000_000,\n {2}threshold: 4_000_000,\n {2}\/\/ tagId: \d+, \/\/ depot: /,
    );
    assert.match(usual, /\/\/ threshold: 6_000_000, which is not below overageLimit\n/);
    assert.match(usual, new RegExp(`sims: \\[\\n {4}"${card(20)}",\\n {2}\\],`));
  });

  const editions: readonly Partial<Behaviour>[] = [
    { lists: "keyed", ids: "string", tagLists: "array" },
    { zoneSpelling: "capitalised", lastPage: "silent", unclaimedDeviceId: "zero" },
    { linksEndpoint: false, deviceTags: "names" },
    { linksEndpoint: false, deviceTags: "objects" },
  ];
  for (const behaviour of editions) {
    it(`writes the same: ${JSON.stringify(behaviour)}`, async () => {
      assert.equal(await declared(behaviour), usual);
    });
  }

  it("says where the zone is a guess, because Hologram tells a number", async () => {
    const guessed = usual.replaceAll(
      'zone: "global",',
      'zone: "global", // Hologram tells a number: look it up',
    );
    assert.equal(await declared({ zoneSpelling: "number" }), guessed);
  });
});
