import type { Emulator } from "../../../provider/testing/emulator";
import { ELSEWHERE, isBilled, ORG, offers, snapshotOf, swapped } from "./cards";
import type { MortalHarness } from "./harness";
import { TAG_IDS } from "./programs";
import type { Deed, Story } from "./story";

/** What people do by hand, beside the programs. */
export class Dashboard {
  /** SIMs that were taken to another organization: whoever never knew them can only try. */
  readonly takenAway = new Set<string>();
  /** ICCIDs that were printed on cards which show another one now. */
  readonly vanished = new Set<string>();

  constructor(
    private readonly story: Story,
    private readonly harness: MortalHarness,
  ) {}

  /** Tags, where the story uses any. */
  async prepare(): Promise<void> {
    if (!this.story.steps.some(({ edit }) => edit === "tag")) return;
    for (const id of TAG_IDS)
      await post(this.harness.emulator, `/devices/tags?orgid=${ORG}`, { name: `tag ${id}` });
  }

  async do({ what, card }: Deed): Promise<void> {
    const { emulator, book } = this.harness;
    const sim = snapshotOf(emulator, card % this.story.cards.length);
    if (sim === undefined || sim.orgId !== ORG) return;
    const { iccid, deviceId } = sim;
    if (what === "activate") {
      // Who buys by hand what is just being bought pays twice, whatever this package does.
      if (deviceId === undefined && !book.isOpen(iccid)) emulator.activateByHand([iccid], offers[0]);
      return;
    }
    if (!isBilled(sim)) return;
    switch (what) {
      case "pause":
        return emulator.setState(iccid, "PAUSED-USER");
      case "resume":
        return emulator.setState(iccid, "LIVE");
      case "changePlan":
        return post(emulator, "/devices/changeplan", {
          deviceids: [deviceId],
          orgid: ORG,
          planid: 75,
          zone: "us",
        });
      case "deactivate":
        return emulator.setState(iccid, "DEAD");
      case "moveAway":
        // What stands in no record, and in no list of the account any more, might never have been bought.
        if (!this.harness.recordsTellNumbers) return;
        this.takenAway.add(iccid);
        return emulator.move(iccid, ELSEWHERE);
      case "swapProfile":
        // Only by its device is it known from now on, so some record has to name that.
        if (!this.harness.recordsAreListed) return;
        this.vanished.add(iccid);
        return emulator.swapProfile(iccid, swapped(iccid));
    }
  }

  /** Hologram lets go of what it had paused: the balance is topped up. */
  letGo(): void {
    const { emulator } = this.harness;
    for (const { iccid, state } of emulator.sims()) {
      if (state.startsWith("PAUSED-SYS")) emulator.setState(iccid, "LIVE");
    }
  }
}

async function post({ url, apiKey }: Emulator, path: string, body: unknown): Promise<void> {
  const authorization = `Basic ${Buffer.from(`apikey:${apiKey}`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/json" };
  const answer = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the dashboard said ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}
