import assert from "node:assert/strict";
import { readSettings } from "../../../provider/account/settings";
import { judgeSettings } from "../../../provider/cli/doctor/settings";
import type { Verdict } from "../../../provider/cli/doctor/verdict";

function judged(environment: Readonly<Record<string, string>>): (topic: string) => Verdict | undefined {
  const verdicts = judgeSettings(
    readSettings(() => undefined, environment),
    environment,
  );
  return (topic) => verdicts.find((verdict) => verdict.topic === topic);
}

describe("doctor, on settings", () => {
  it("names Hologram's address, and one that does not end like it", () => {
    assert.deepEqual(judged({})("address"), {
      topic: "address",
      level: "good",
      text: "https://dashboard.hologram.io/api/1",
    });
    assert.equal(judged({ HOLOGRAM_BASE_URL: "https://api.example.com" })("address")?.level, "warning");
    const plain = judged({ HOLOGRAM_BASE_URL: "http://api.example.com/api/1" })("address");
    assert.equal(plain?.level, "bad");
    assert.match(plain.text, /not safe to send an API key to/);
  });

  it("names the proxy and what is exempt from it, without its password", () => {
    const proxied = { HTTPS_PROXY: "http://ann:s3cret@proxy.example:3128", NO_PROXY: "localhost" };
    assert.equal(
      judged(proxied)("proxy")?.text,
      "HTTPS_PROXY names proxy.example:3128; NO_PROXY exempts localhost",
    );
    assert.match(
      judged({ ...proxied, HOLOGRAM_BASE_URL: "http://127.0.0.1:8080/api/1" })("proxy")?.text ?? "",
      /^not used/,
    );
    assert.equal(judged({ HTTPS_PROXY: "proxy" })("proxy")?.level, "bad");
    assert.equal(judged({})("proxy"), undefined);
    const certificates = judged({ NODE_EXTRA_CA_CERTS: "ca.pem" })("certificates");
    assert.equal(certificates?.text, "NODE_EXTRA_CA_CERTS adds those of ca.pem");
  });

  it("says what one run may come to, and warns where nothing limits it", () => {
    assert.equal(judged({})("caps")?.level, "warning");
    assert.equal(
      judged({ HOLOGRAM_MAX_ACTIVATIONS: "10", HOLOGRAM_MAX_DUE_NOW: "6" })("caps")?.text,
      "one run may come to 10 activations, $6 due now, 0 deactivations",
    );
  });

  it("says where the key is missing, and shows none", () => {
    assert.equal(judged({})("key")?.level, "bad");
    assert.deepEqual(judged({ HOLOGRAM_API_KEY: "k3y" })("key"), {
      topic: "key",
      level: "good",
      text: "HOLOGRAM_API_KEY is set",
    });
  });
});
