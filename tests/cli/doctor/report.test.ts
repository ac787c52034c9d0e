/** A report can be attached to an issue: it shows the form of answers, and nothing of whose they are. */
import assert from "node:assert/strict";
import { reportText } from "../../../provider/cli/doctor/issueReport";
import { Pseudonyms } from "../../../provider/cli/doctor/pseudonyms";
import { examine } from "../../harness/cli/diagnosis";
import { cards, KEY, ORG } from "../../harness/engine/fleetStack";

describe("doctor's report", () => {
  it("holds no number, name or key of the account, and the same stands for the same", () =>
    examine({ options: { target: { sims: cards(2, 5) } } }, ({ verdicts, answers, emulator }) => {
      const text = reportText(verdicts, answers);
      const secrets = emulator
        .sims()
        .flatMap(({ iccid, deviceId, linkId, simCardId, deviceName, eid }) => [
          iccid,
          deviceId,
          linkId,
          simCardId,
          deviceName,
          eid,
        ])
        .filter((each) => each !== undefined)
        .map(String);
      for (const secret of [
        ...secrets,
        KEY,
        "Fleet Operations",
        "cold-chain",
        "Global Flat",
        "999998.20",
        `${ORG}`,
      ])
        assert.ok(!text.includes(secret), secret);
      assert.doesNotMatch(text, /SECRET|127\.0\.0\.1|localhost/);
      const report = JSON.parse(text);
      const body = (start: string) =>
        report.answers.find(({ request }: { request: string }) => request.startsWith(start)).body;
      const { id } = body("GET /organizations").data[0];
      assert.ok(Number.isInteger(id) && `${id}`.length === `${ORG}`.length);
      assert.ok(text.includes(`orgid=${id}`), "the same number everywhere");
      const [link] = body("GET /links/cellular?").data;
      assert.equal(link.orgid, id);
      assert.match(link.sim, /^\d{20}$/);
      assert.match(link.state, /^(LIVE|INACTIVE)$/, "states stay");
      const refused = body("POST /links/cellular/bulkclaim").data;
      assert.match(JSON.stringify(refused), /^\{"\d{20}":"[^"]*already[^"]*"\}$/i, "and the server's words");
    }));

  it("replaces numbers in the names of fields too, whatever stands around them", () => {
    const iccid = "89445001021983048260";
    const data = { [`${iccid}F`]: `SIM ${iccid}F is not yours`, [`sim_${iccid}`]: 5, sim2: `x${iccid}_` };
    const answer = { method: "POST", path: `/sims/${iccid}F`, sent: undefined, status: 200, headers: {} };
    const text = reportText(
      [],
      [{ ...answer, text: JSON.stringify({ success: false, data }), milliseconds: 3, at: 0 }],
    );
    assert.ok(!text.includes(iccid), text);
    assert.match(text, /"sim2"/);
  });

  it("keeps lengths and flags", () => {
    const pseudonyms = new Pseudonyms();
    assert.deepEqual(
      [-1, 0, 1].map((flag) => pseudonyms.number(flag)),
      [-1, 0, 1],
    );
    assert.equal(`${pseudonyms.number(12345)}`.length, 5);
    assert.equal(pseudonyms.digits("12345"), `${pseudonyms.number(12345)}`);
    assert.notEqual(pseudonyms.number(67890), pseudonyms.number(12345));
    assert.match(pseudonyms.digits("0000-00-00 00:00:00"), /^0000-00-00 00:00:00$/);
    assert.match(pseudonyms.digits("96.05"), /^\d\d\.\d\d$/);
    pseudonyms.name("Fleet Operations");
    const words = pseudonyms.words("No 12 of Fleet Operations, ask ann@example.com or api.example.com");
    assert.doesNotMatch(words, /12|Fleet|ann|example/);
  });
});
