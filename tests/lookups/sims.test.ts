import assert from "node:assert/strict";
import * as hologram from "../../provider";
import { isKnown } from "../../provider/resources/sdk";
import { known, type Program, sentence, withProgram } from "../harness/cli/lookups";
import { cards, iccid, PLAN, range } from "../harness/provider/providerFleet";

const TAG = { method: "POST", path: "/devices/tags" };

/** Ten cards, of which the first six are active: four on the usual plan, two on plan 75, one paused; two are tagged. */
async function withSims(
  behaviour: object,
  test: (program: Program, tagId: number) => Promise<void>,
): Promise<void> {
  await withProgram({ behaviour }, async (program) => {
    const { emulator } = program;
    emulator.addPlan({ id: 75, name: "Pilot", zones: { eu: "1.00" } });
    emulator.addPack({ first: iccid(0), count: 10, step: 10, eids: `8904${"0".repeat(27)}1` });
    const tagId = await createTag(program);
    emulator.activateByHand(cards(2), { plan: PLAN, zone: "global", overageLimit: 5_000_000 });
    emulator.activateByHand(cards(2, 2), { plan: PLAN, zone: "global", tagId });
    emulator.activateByHand(cards(2, 4), { plan: 75, zone: "eu" });
    emulator.setState(iccid(1), "PAUSED-USER");
    emulator.setState(iccid(9), "DEAD");
    await program.begin();
    await test(program, tagId);
  });
}

async function createTag({ emulator }: Program): Promise<number> {
  const authorization = `Basic ${Buffer.from(`apikey:${emulator.apiKey}`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/json" };
  const reply = await fetch(`${emulator.url}${TAG.path}?orgid=${emulator.orgId}`, {
    method: TAG.method,
    headers,
    body: JSON.stringify({ name: "cold-chain" }),
  });
  const [, id] = /"id":"?(\d+)/.exec(await reply.text()) ?? [];
  return Number(id);
}

const iccidsOf = (sims: readonly hologram.Sim[]) => sims.map((sim) => sim.iccid);

describe("look-ups: SIMs", () => {
  it("are flat, with what Hologram tells, and without PIN, PUK and private address", () =>
    withSims({}, async ({ emulator }) => {
      const sims = await hologram.getSims();
      assert.deepEqual(iccidsOf(sims), cards(10));
      const { deviceId, linkId, simCardId, eid } = emulator.sim(iccid(0));
      assert.deepEqual(sims[0], {
        iccid: iccid(0),
        eid,
        deviceId,
        linkId,
        simCardId: String(simCardId),
        orgId: emulator.orgId,
        state: "LIVE",
        billed: true,
        testMode: false,
        plan: PLAN,
        zone: "global",
        overageLimit: 5_000_000,
        threshold: -1,
        smsLimit: 100,
        deviceName: emulator.sim(iccid(0)).deviceName,
      });
      assert.deepEqual([sims[6]?.state, sims[6]?.billed, sims[6]?.deviceId], ["INACTIVE", false, undefined]);
      assert.deepEqual([sims[9]?.state, sims[9]?.billed], ["DEAD", false]);
      assert.doesNotMatch(JSON.stringify(sims), /SECRET|pin|puk|priv/i);
    }));

  const filters = [
    ["a range", { simRange: range(3, 1) }, cards(3, 1)],
    ["a list, of which some are not there", { sims: [iccid(4), iccid(2), iccid(77)] }, [iccid(2), iccid(4)]],
    ["an empty list", { sims: [] }, []],
    ["a plan", { plan: 75 }, cards(2, 4)],
    ["a state, in any case", { state: " paused-user " }, [iccid(1)]],
    ["a range, a plan and a state", { simRange: range(5), plan: PLAN, state: "LIVE" }, [0, 2, 3].map(iccid)],
  ] as const;
  for (const [what, args, found] of filters) {
    it(`are found by ${what}, in either form`, () =>
      withSims({}, async () => {
        assert.deepEqual(iccidsOf(await hologram.getSims(args)), found);
        const { sims, ...others } = { sims: undefined, ...args };
        const inputs = sims === undefined ? others : { ...others, sims: [...sims] };
        assert.deepEqual(iccidsOf(await known(hologram.getSimsOutput(inputs))), found);
      }));
  }

  it("are found by tag through the tag's own list, and few are read for it", () =>
    withSims({}, async ({ emulator }, tagId) => {
      assert.deepEqual(iccidsOf(await hologram.getSims({ tagId })), cards(2, 2));
      assert.deepEqual(
        emulator.requests.map(({ path, query }) => [path, query.deviceids !== undefined]),
        [
          ["/organizations", false],
          ["/devices/tags", false],
          ["/links/cellular", true],
        ],
      );
      assert.deepEqual(iccidsOf(await hologram.getSims({ tagId, simRange: range(3) })), [iccid(2)]);
    }));

  it("are found by tag where only devices tell theirs; where nothing does, that is an error and no empty answer", () =>
    withSims({ linksEndpoint: false, deviceTags: "objects" }, async (program, tagId) => {
      const silent = { success: true, data: { tags: [{ id: tagId, name: "cold-chain" }] } };
      program.emulator.faults.add({
        path: "/devices/tags",
        fault: { kind: "status", status: 200, body: silent },
      });
      const sims = await hologram.getSims({ tagId });
      assert.deepEqual(iccidsOf(sims), cards(2, 2));
      assert.deepEqual(sims[0]?.tagIds, [tagId]);
      program.emulator.behaviour.deviceTags = "names";
      await program.begin();
      assert.equal(
        await sentence(program, () => hologram.getSims({ tagId })),
        `getSims: Hologram does not tell which devices bear tag ${tagId}`,
      );
    }));

  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ simRange: "1-2" }, /simRange: "1" is not an ICCID: 18 to 22 digits/],
    [{ sims: ["x"] }, /sims: element 1, "x", is not an ICCID/],
    [{ simRange: range(3), sims: cards(1) }, /simRange and sims exclude each other/],
    [{ plan: -1 }, /plan: -1 is not allowed here; write the id of a data plan/],
    [{ iccids: cards(1) }, /"iccids" is not one of its arguments: orgId, simRange, sims, plan, state, tagId/],
    [{ tagId: 1 }, /organization 12345 has no tag 1\. Its tags are 5001 \(cold-chain\)/],
  ];
  for (const [args, words] of wrong) {
    it(`refuses ${Object.keys(args)} that cannot be, with a sentence`, () =>
      withSims({}, async (program) => {
        assert.match(await sentence(program, () => hologram.getSims(args)), words);
        assert.ok(!program.paths.some((path) => path.includes("links")));
      }));
  }

  it("are read once for the same question, and again for one that waited for a resource", () =>
    withSims({}, async (program) => {
      const listings = () => program.paths.filter((path) => path === "/links/cellular").length;
      await Promise.all([hologram.getSims({ plan: 75 }), hologram.getSims({ plan: 75 })]);
      await known(hologram.getSimsOutput({ plan: 75 }));
      assert.equal(listings(), 1);
      await hologram.getSims({ plan: PLAN });
      assert.equal(listings(), 2);

      const fleet = new hologram.SimActivation("fleet", { simRange: range(8), plan: PLAN });
      const waiting = () => hologram.getSimsOutput({ plan: 75 }, { dependsOn: fleet });
      await known(waiting());
      await known(waiting());
      assert.equal(listings(), 3);
      await hologram.getSims({ simRange: range(8) });
      const ofFleet = () => hologram.getSimsOutput({ simRange: fleet.simRange });
      await known(ofFleet());
      await known(ofFleet());
      assert.equal(listings(), 5);
    }));

  it("of a fleet that a preview is to create are not known", () =>
    withSims({}, async (program) => {
      await program.begin({ preview: true });
      const { tagId } = new hologram.DeviceTag("tag", { name: "cold-chain" });
      assert.equal(await isKnown(hologram.getSimsOutput({ tagId })), false);
      assert.deepEqual(program.paths, []);
    }));
});
