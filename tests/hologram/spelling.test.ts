import assert from "node:assert/strict";
import { asIccid, spellingOfList, spellingOfRange } from "../../provider/hologram/spelling";
import { all, clientOf, ORG, ok, withServer } from "./support";

/** By Luhn's rule 1 is the check digit of the first 19. */
const SHORT = "8944500102198304826";
const CARD = `${SHORT}1`;
const NEIGHBOUR = "89445001021983048271";

const link = (sim: string, id = 1) => ({ id, sim, deviceid: 10 + id, state: "LIVE" });

describe("spellings of an ICCID", () => {
  it("an F that fills up the memory is no digit", () => {
    assert.deepEqual([asIccid(`${SHORT}F`), asIccid(` ${SHORT}f `), asIccid(CARD)], [SHORT, SHORT, CARD]);
    assert.deepEqual(
      [asIccid("F"), asIccid("89F4"), asIccid(8944), asIccid(`${SHORT}FF`)],
      Array(4).fill(undefined),
    );
  });

  it("of a list are those of the list, with and without the check digit", () => {
    const spelled = spellingOfList([CARD, NEIGHBOUR]);
    assert.deepEqual([CARD, SHORT, NEIGHBOUR, "890"].map(spelled), [CARD, CARD, NEIGHBOUR, "890"]);
    assert.equal(spellingOfList([SHORT])(CARD), SHORT);
  });

  it("are left alone where two cards could be meant, or the digit is no check digit", () => {
    const spelled = spellingOfList([CARD, `${SHORT}4`]);
    assert.equal(spelled(SHORT), SHORT);
    assert.equal(spellingOfList([SHORT])(`${SHORT}4`), `${SHORT}4`);
  });

  it("of a range have as many digits as its bounds", () => {
    assert.equal(spellingOfRange(CARD, NEIGHBOUR)(SHORT), CARD);
    // The example of Luhn's rule in ISO/IEC 7812-1.
    assert.equal(spellingOfRange("79927398710", "79927398719")("7992739871"), "79927398713");
    assert.equal(spellingOfRange(SHORT, NEIGHBOUR.slice(0, -1))(CARD), SHORT);
    assert.equal(spellingOfRange(SHORT, NEIGHBOUR.slice(0, -1))(`${SHORT}4`), `${SHORT}4`);
    assert.equal(spellingOfRange(CARD, NEIGHBOUR)(`${SHORT}9`), `${SHORT}9`);
  });
});

describe("answers in another spelling", () => {
  for (const answered of [SHORT, `${SHORT}F`, CARD]) {
    it(`${answered} is read as it was asked for, by name and in a range`, () =>
      withServer(
        () => ok([link(answered)]),
        async (server) => {
          const client = clientOf(server);
          for (const pages of [client.simsByIccid(ORG, [CARD]), client.simsInRange(ORG, CARD, NEIGHBOUR)]) {
            assert.deepEqual(
              (await all(pages)).map(({ iccid }) => iccid),
              [CARD],
            );
          }
        },
      ));

    it(`${answered} of a claim and of its preview is the card that was claimed`, () =>
      withServer(
        ({ query }) => {
          const bought = { sim: answered, device: 7, link: 8 };
          return ok(query.get("preview") === null ? [bought] : [{ sim: answered }]);
        },
        async (server) => {
          const client = clientOf(server);
          for (const target of [{ sims: [CARD] }, { simRange: `${CARD}-${NEIGHBOUR}` }]) {
            assert.deepEqual(await client.previewClaim(ORG, target), { kind: "claimable", iccids: [CARD] });
            const claim = await client.claim({ orgId: ORG, target, plan: 1, zone: "global" });
            assert.deepEqual(claim, { kind: "claimed", sims: [{ iccid: CARD, deviceId: 7, linkId: 8 }] });
          }
        },
      ));

    it(`${answered} of a refusal names the card that was refused`, () =>
      withServer(
        () => ({ body: { success: false, data: { [answered]: "not yours" } } }),
        async (server) => {
          const target = { sims: [CARD] };
          const reasons = new Map([[CARD, "not yours"]]);
          const client = clientOf(server);
          assert.deepEqual(await client.previewClaim(ORG, target), { kind: "refusedSims", reasons });
          const claim = await client.claim({ orgId: ORG, target, plan: 1, zone: "global" });
          assert.deepEqual(claim, { kind: "refusedSims", reasons, restDoubtful: false });
        },
      ));
  }
});
