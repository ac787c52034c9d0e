import assert from "node:assert/strict";
import { Hologram } from "../../provider/hologram";
import { type Behaviour, type Emulator, startEmulator } from "../../provider/testing/emulator";
import { all, iccid, JumpingClock } from "./support";

const FIRST = iccid(1);
const LAST = iccid(12);

/** A client and a fresh account with twelve SIMs: two taken, one in Test Mode. */
async function withAccount(
  behaviour: Partial<Behaviour>,
  test: (client: Hologram, emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator({ behaviour: { settleReads: 0, ...behaviour } });
  try {
    emulator.addPack({ first: FIRST, count: 12 });
    emulator.activateByHand([iccid(2), iccid(3)], { plan: 2096, zone: "global", overageLimit: 5_000_000 });
    emulator.setState(iccid(3), "PAUSED-USER");
    emulator.setState(iccid(4), "TEST-ACTIVATE");
    const { apiKey, url } = emulator;
    await test(new Hologram({ apiKey, baseUrl: url, clock: new JumpingClock() }), emulator);
  } finally {
    await emulator.close();
  }
}

/** Every way of spelling the same account that lists and claims know. */
const spellings: Partial<Behaviour>[] = [
  {},
  { edition: "E1", lists: "keyed" },
  { edition: "E3", ids: "string" },
  { edition: "blueprint", lists: "keyed", ids: "string", lastPage: "silent" },
  {
    unclaimedDeviceId: "zero",
    errorField: "errors",
    failureStatus: 200,
    rateLimitBody: "text",
    tagLists: "array",
  },
  { changeAnswers: "bare", deviceTags: "objects" },
];

describe("an account, however it spells its answers", () => {
  for (const spelling of spellings) {
    it(`is the same: ${JSON.stringify(spelling)}`, () =>
      withAccount(spelling, async (client, emulator) => {
        const { orgId } = emulator;
        assert.deepEqual(await client.organizations(), [{ id: orgId, name: "Emulated" }]);
        assert.deepEqual(
          (await client.plan(orgId, 75))?.zones.map(({ zone, amount }) => `${zone} ${amount}`),
          ["global 1.500000", "us 1.000000"],
        );
        const prices = await client.pricing(orgId, 2096);
        assert.deepEqual(
          prices.map(({ zone, tier, amount }) => [zone, tier, Number(amount)]),
          [["global", "BASE", 0.6]],
        );

        const listed = await all(client.simsInRange(orgId, FIRST, LAST));
        assert.deepEqual(
          listed.map((sim) => sim.iccid).sort(),
          emulator.sims().map((sim) => sim.iccid),
        );
        for (const sim of listed) {
          const real = emulator.sim(sim.iccid);
          assert.equal(sim.linkId, real.linkId);
          assert.equal(sim.deviceId, real.deviceId);
          assert.equal(sim.simCardId, String(real.simCardId));
          assert.equal(sim.state, real.state);
          assert.equal(sim.plan, real.plan);
          assert.equal(sim.zone, real.zone);
          assert.equal(sim.overageLimit, real.overageLimit);
          assert.equal(sim.testMode, real.testMode);
        }

        const wanted = [iccid(5), iccid(6)];
        const preview = await client.previewClaim(orgId, { sims: wanted });
        assert.ok(preview.kind === "claimable");
        assert.deepEqual([...(preview.iccids ?? [])].sort(), wanted);
        assert.deepEqual(await client.previewClaim(orgId, { sims: [iccid(2), iccid(5)] }), {
          kind: "refusedSims",
          reasons: new Map([[iccid(2), "SIM is already activated"]]),
        });
        assert.equal(emulator.writes().length, 0);

        const claimed = await client.claim({
          orgId,
          target: { simRange: `${wanted[0]}-${wanted[1]}` },
          plan: 75,
          zone: "us",
        });
        assert.ok(claimed.kind === "claimed", JSON.stringify(claimed));
        assert.deepEqual(
          [...claimed.sims].sort((a, b) => a.linkId - b.linkId),
          wanted.map((each) => {
            const { deviceId, linkId } = emulator.sim(each);
            return { iccid: each, deviceId, linkId };
          }),
        );
        const again = await client.claim({
          orgId,
          target: { sims: [iccid(5), iccid(7)] },
          plan: 75,
          zone: "us",
        });
        assert.deepEqual(again, {
          kind: "refusedSims",
          reasons: new Map([[iccid(5), "SIM is already activated"]]),
          restDoubtful: false,
        });

        const devices = claimed.sims.map((sim) => sim.deviceId);
        const changed = await client.setState(orgId, devices, "pause");
        assert.equal(changed.warnings.size, 0);
        if (changed.modified !== undefined)
          assert.deepEqual([...changed.modified].sort(), [...devices].sort());
        assert.equal(emulator.sim(iccid(5)).state, "PAUSED-USER");
        await client.changePlan(orgId, devices, { plan: 2096, zone: "global", overageLimit: 7 });
        await client.setLimits(orgId, devices, { threshold: 6, smsLimit: 9 });
        const tag = await client.createTag(orgId, "cold");
        await client.linkTag(orgId, tag.id, devices);
        assert.deepEqual(
          (await client.tags(orgId)).map(({ name, deviceIds }) => [name, deviceIds?.length]),
          [["cold", 2]],
        );
        const { plan, zone, overageLimit, threshold, smsLimit, tagIds } = emulator.sim(iccid(6));
        assert.deepEqual(
          { plan, zone, overageLimit, threshold, smsLimit, tagIds },
          { plan: 2096, zone: "global", overageLimit: 7, threshold: 6, smsLimit: 9, tagIds: [tag.id] },
        );
        await client.unlinkTag(orgId, tag.id, devices);
        await client.deleteTag(orgId, tag.id);
        assert.deepEqual(await client.tags(orgId), []);
        await assert.rejects(client.deleteTag(orgId, tag.id), { name: "ApiError", status: 404 });
      }));
  }

  it("lists the same active SIMs through /devices when /links/cellular is gone", async () => {
    const listings: unknown[] = [];
    for (const linksEndpoint of [true, false]) {
      for (const lists of ["array", "keyed"] as const) {
        await withAccount(
          { linksEndpoint, lists, ids: linksEndpoint ? "number" : "string" },
          async (client, emulator) => {
            const found = await all(client.simsOf(emulator.orgId));
            const active = found.filter((sim) => sim.deviceId !== undefined && !sim.testMode);
            active.sort((a, b) => a.linkId - b.linkId);
            listings.push(active.map(({ tagIds, ...sim }) => sim));
          },
        );
      }
    }
    assert.equal(listings.length, 4);
    for (const listing of listings) assert.deepEqual(listing, listings[0]);
  });

  it("tells Test Mode in either listing", async () => {
    for (const linksEndpoint of [true, false]) {
      await withAccount({ linksEndpoint }, async (client, emulator) => {
        const found = await all(client.simsOf(emulator.orgId));
        assert.deepEqual(
          found.filter((sim) => sim.testMode).map((sim) => sim.iccid),
          [iccid(4)],
        );
      });
    }
  });

  it("pages through many SIMs, each once", async () => {
    for (const behaviour of [{}, { lists: "keyed" }, { lastPage: "silent" }] as const) {
      await withAccount(behaviour, async (client, emulator) => {
        emulator.addPack({ first: iccid(10_000), count: 3_500, step: 10 });
        const found = await all(client.simsOf(emulator.orgId));
        assert.equal(new Set(found.map((sim) => sim.iccid)).size, 3_512);
        assert.equal(found.length, 3_512);
        assert.equal(emulator.requests.length, 4);
      });
    }
  });
});

describe("money and doubt", () => {
  const claim = (orgId: number) => ({
    orgId,
    target: { sims: [iccid(5), iccid(6)] },
    plan: 2096,
    zone: "global",
  });

  it("never charge for a preview, even on a server that does not know the flag", async () => {
    for (const previewAnswer of ["names", "namesRest", "costOnly", "ignored", "echoesIds"] as const) {
      for (const preflight of ["E1", "E3"] as const) {
        await withAccount({ previewAnswer, preflight }, async (client, emulator) => {
          const before = emulator.ledger.length;
          const answer = await client.previewClaim(emulator.orgId, { simRange: `${FIRST}-${LAST}` });
          await client.previewClaim(emulator.orgId, { sims: [iccid(4)] });
          assert.equal(emulator.ledger.length, before);
          if (previewAnswer === "ignored") assert.equal(answer.kind, "refused");
        });
      }
    }
  });

  it("raise the alarm when a preview answers with ids", () =>
    withAccount({ previewAnswer: "echoesIds" }, async (client, emulator) => {
      const answer = await client.previewClaim(emulator.orgId, { sims: [iccid(5)] });
      assert.deepEqual(answer, { kind: "looksLikePurchase", iccids: [iccid(5)] });
    }));

  it("charge once when the rate is limited, and never when it stays so", () =>
    withAccount({}, async (client, emulator) => {
      emulator.faults.add({
        path: "/links/cellular/bulkclaim",
        nth: { from: 1, to: 3 },
        fault: { kind: "rateLimit" },
      });
      assert.equal((await client.claim(claim(emulator.orgId))).kind, "claimed");
      assert.deepEqual(
        emulator.writes().map(({ status }) => status),
        [429, 429, 429, 200],
      );
      assert.equal(emulator.ledger.filter(({ by }) => by === "claim").length, 2);
    }));

  it("send a claim in doubt once, whether it was carried out or not", async () => {
    const faults = [
      { kind: "drop", commit: true },
      { kind: "drop", commit: false },
      { kind: "halfBody", commit: true },
      { kind: "html", status: 502, commit: true },
      { kind: "empty", commit: true },
      { kind: "status", status: 500, commit: true },
    ] as const;
    for (const fault of faults) {
      await withAccount({}, async (client, emulator) => {
        emulator.faults.add({ method: "POST", fault });
        assert.equal((await client.claim(claim(emulator.orgId))).kind, "doubtful", fault.kind);
        assert.equal(emulator.writes().length, 1);
      });
    }
  });

  it("refuse a claim that the balance does not cover, and one that is too large", () =>
    withAccount({ limit: 1 }, async (client, emulator) => {
      const large = await client.claim(claim(emulator.orgId));
      assert.ok(large.kind === "refused" && large.cause === "tooLarge", JSON.stringify(large));
      emulator.behaviour.limit = 2_500;
      const poor = emulator.addOrganization({ name: "Poor", balance: "0.10" });
      emulator.addKey({ key: "key-of-the-poor", role: "manager", orgIds: [poor] });
      const other = new Hologram({ apiKey: "key-of-the-poor", baseUrl: emulator.url });
      emulator.addPack({ first: iccid(500), count: 2, orgId: poor });
      const answer = await other.claim({
        ...claim(poor),
        target: { simRange: `${iccid(500)}-${iccid(501)}` },
      });
      assert.ok(answer.kind === "refused" && answer.cause === "balance", JSON.stringify(answer));
      assert.equal(answer.message, "Insufficient balance");
    }));

  it("tell keys and roles that are refused", () =>
    withAccount({}, async (_, emulator) => {
      const { url: baseUrl, orgId } = emulator;
      const wrong = new Hologram({ apiKey: "no such key", baseUrl });
      await assert.rejects(wrong.organizations(), { name: "KeyRefusedError" });
      const refused = await wrong.claim(claim(orgId));
      assert.ok(refused.kind === "refused" && refused.cause === "key");
      emulator.addKey({ key: "an editor", role: "editor", orgIds: [orgId] });
      const editor = new Hologram({ apiKey: "an editor", baseUrl });
      await assert.rejects(editor.setState(orgId, [1], "pause"), { name: "RoleTooLowError" });
      const low = await editor.claim(claim(orgId));
      assert.ok(low.kind === "refused" && low.cause === "role");
      assert.equal(await editor.balance(orgId), undefined);
    }));
});
