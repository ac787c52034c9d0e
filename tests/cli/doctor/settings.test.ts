import assert from "node:assert/strict";
import { readSettings } from "../../../provider/account/settings";
import { judgeSettings } from "../../../provider/cli/doctor/environment";
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

  it("names a variable that is a setting's but for a letter: programs refuse it", () => {
    assert.deepEqual(judged({ HOLOGRAM_MAX_ACTIVATION: "5" })("settings"), {
      topic: "settings",
      level: "bad",
      text: "HOLOGRAM_MAX_ACTIVATION is not a setting",
      advice: "Write HOLOGRAM_MAX_ACTIVATIONS",
    });
    assert.equal(judged({ HOLOGRAM_MAX_ACTIVATIONS: "5" })("settings"), undefined);
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
    assert.deepEqual(judged({})("caps"), {
      topic: "caps",
      level: "warning",
      text: "the environment sets no cap on activations and on what is due",
      advice:
        "Set HOLOGRAM_MAX_ACTIVATIONS=100 and HOLOGRAM_MAX_DUE_NOW=60, or for a stack: " +
        "pulumi config set hologram:maxActivations 100, pulumi config set hologram:maxDueNow 60. " +
        "Doctor sees the environment only, and not a stack's configuration",
    });
    const withoutMoney = judged({ HOLOGRAM_MAX_ACTIVATIONS: "10" })("caps");
    assert.equal(withoutMoney?.level, "warning");
    assert.match(
      withoutMoney.text,
      /10 activations, 0 deactivations; the environment sets no cap on what is due$/,
    );
    assert.match(
      withoutMoney.advice ?? "",
      /^Set HOLOGRAM_MAX_DUE_NOW=60, or .*: pulumi config set hologram:maxDueNow 60\./,
    );
    const withoutSims = judged({ HOLOGRAM_MAX_DUE_NOW: "6" })("caps");
    assert.equal(withoutSims?.level, "warning");
    assert.match(
      withoutSims.text,
      /\$6 due now, 0 deactivations; the environment sets no cap on activations$/,
    );
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
