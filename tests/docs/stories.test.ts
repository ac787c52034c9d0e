/** The first contact and the fleet that is already there, as the README tells them: every line is run. */
import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../provider/testing/emulator";
import { type Engine, embeddedEngine } from "../../provider/testing/engine";
import { account, cards, FIRST, ORG, PLAN, STEP } from "../harness/engine/fleetStack";
import { everything } from "../harness/engine/form";
import { realEngine } from "../harness/engine/realEngine";
import { blocksOfStory, play, STORIES } from "./stories";

type Title = (typeof STORIES)[number];

/** What the account has before the story begins. */
const before: Readonly<Record<Title, (emulator: Emulator) => void>> = {
  "First contact": () => undefined,
  "The fleet that is already there": (emulator) => {
    emulator.activateByHand(cards(0, 100), { plan: PLAN, zone: "global", orgId: ORG });
    emulator.activateByHand(cards(110, 130), { plan: 75, zone: "global", orgId: ORG });
  },
};

describe("the stories of the README", function stories() {
  this.timeout(300_000);

  async function tell(engine: Engine, title: Title): Promise<void> {
    const emulator = await startEmulator({ account, behaviour: { settleReads: 0 } });
    try {
      emulator.addPack({ first: `${FIRST}`, count: 150, step: Number(STEP) });
      before[title](emulator);
      const ledger = emulator.ledger.length;
      assert.deepEqual(await play(engine, emulator, blocksOfStory(title)), []);
      assert.deepEqual(emulator.writes(), [], "nothing is changed in the account");
      assert.equal(emulator.ledger.length, ledger, "and nothing spent");
    } finally {
      await emulator.close();
    }
  }

  for (const title of STORIES) {
    it(`${title}: on the embedded engine`, function embedded() {
      if (title !== STORIES[0] && !everything) return this.skip();
      return tell(embeddedEngine(), title);
    });

    it(`${title}: on the Pulumi CLI`, function onCli() {
      const engine = realEngine();
      if (engine === undefined || !everything) return this.skip();
      return tell(engine, title);
    });
  }

  it("are found wanting where something else is printed", async () => {
    const emulator = await startEmulator({ account });
    try {
      const blocks = [
        { page: "README.md", line: 1, language: "sh", text: "npx pulumi-hologram --version" },
        { page: "README.md", line: 5, language: "", text: "99.0.0" },
      ];
      assert.deepEqual(await play(embeddedEngine(), emulator, blocks), ["README.md:5: 99.0.0"]);
    } finally {
      await emulator.close();
    }
  });
});
