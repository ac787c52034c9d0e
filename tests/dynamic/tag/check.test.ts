import assert from "node:assert/strict";
import { withTags } from "../../harness/provider/tagHarness";

const name = "cold-chain";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const account = {
  organizations: [
    { id: 4711, name: "Trucks" },
    { id: 4712, name: "Meters" },
  ],
  keys: [
    { key: "key-of-trucks-5b3e", role: "admin", orgIds: [4711] },
    { key: "key-of-both-2f1d", role: "admin", orgIds: [4711, 4712] },
    { key: "key-of-nobody-1c4d", role: "viewer", orgIds: [4711] },
  ],
} as const;

describe("dynamic: check of a tag", () => {
  const wrong = [
    [{}, "name: required, write the name of the tag as text"],
    [{ name: "  " }, 'name: "  " is not allowed here; write the name of the tag as text'],
    [{ name: 5 }, "name: 5 is not allowed here; write the name of the tag as text"],
    [
      { name, orgId: "x" },
      'orgId: "x" is not allowed here; write the id of an organization, a whole number above 0',
    ],
    [{ name, tagid: 5 }, '"tagid" is not an input of DeviceTag'],
  ] as const;
  for (const [inputs, reason] of wrong) {
    it(`refuses ${JSON.stringify(inputs)} before any request`, () =>
      withTags({}, async (tags) => {
        const report = await tags.up(inputs);
        assert.deepEqual(report.failures, [reason]);
        assert.deepEqual(report.requests, []);
      }));
  }

  it("of unchanged inputs sends nothing, with or without a key, in preview and in up", () =>
    withTags({}, async (tags) => {
      (await tags.up({ name })).clean();
      tags.environment.HOLOGRAM_API_KEY = undefined;
      const reports = [(await tags.preview({ name })).clean(), (await tags.up({ name })).clean()];
      for (const report of reports) assert.deepEqual([report.requests, report.changes], [[], ""]);
    }));

  it("goes on where nothing can be read just now, and says so on the row", () =>
    withTags({}, async (tags) => {
      tags.environment.HOLOGRAM_API_KEY = undefined;
      const blind = (await tags.preview({ name })).clean();
      assert.match(blind.text, /^not verified: no API key$/m);
      const unknown = (await tags.preview({ name: UNKNOWN })).clean();
      assert.match(unknown.text, /^not verified: not known before the update: name$/m);
      assert.equal(unknown.checked.fleet?.name, UNKNOWN);
      const failed = await tags.up({ name });
      assert.match(failed.errors.join(), /^no API key: set HOLOGRAM_API_KEY in the environment, or run/);
      tags.environment.HOLOGRAM_API_KEY = tags.emulator.apiKey;
      tags.environment.HOLOGRAM_BASE_URL = "http://127.0.0.1:9/api/1";
      const away = (await tags.preview({ name })).clean();
      assert.match(away.text, /^not verified: Hologram could not be reached/m);
    }));

  it("resolves the organization as fleets do, and stores it", () =>
    withTags({ account }, async (tags) => {
      tags.environment.HOLOGRAM_API_KEY = "key-of-both-2f1d";
      const several = await tags.up({ name });
      assert.match(several.failures.join(), /^orgId: the API key sees several .* 4711 \(Trucks\)/);
      tags.environment.HOLOGRAM_ORG_ID = "4711";
      (await tags.up({ name })).clean();
      assert.partialDeepStrictEqual(tags.outputs(), { orgId: 4711 });
      tags.environment.HOLOGRAM_ORG_ID = "4712";
      assert.equal((await tags.up({ name })).clean().changes, "");
      assert.partialDeepStrictEqual(tags.find()?.inputs, { orgId: 4711 });
    }));

  it("fails with a key that is refused, may not read, or does not see the organization", () =>
    withTags({ account }, async (tags) => {
      tags.environment.HOLOGRAM_API_KEY = "wrong";
      assert.match((await tags.preview({ name })).failures.join(), /^Hologram refused the API key/);
      tags.environment.HOLOGRAM_API_KEY = "key-of-nobody-1c4d";
      assert.match((await tags.preview({ name })).failures.join(), /role of this API key's user is too low/);
      tags.environment.HOLOGRAM_API_KEY = "key-of-trucks-5b3e";
      const foreign = await tags.preview({ name, orgId: 4712 });
      assert.match(
        foreign.failures.join(),
        /^the API key does not see organization 4712; it sees 4711 \(Trucks\)/,
      );
      assert.deepEqual(
        foreign.requests.map(({ path }) => path),
        ["/organizations"],
      );
    }));
});
