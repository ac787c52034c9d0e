import assert from "node:assert/strict";
import fc from "fast-check";
import { REDACTED, Redactor } from "../../provider/hologram";

const keys = fc
  .string({ minLength: 8, maxLength: 40, unit: "grapheme-ascii" })
  .filter((key) => key.trim() === key);

describe("Redactor", () => {
  it("takes out every form the key travels in", () => {
    fc.assert(
      fc.property(keys, (key) => {
        const redactor = new Redactor(key);
        const basic = Buffer.from(`apikey:${key}`).toString("base64");
        for (const form of [
          key,
          encodeURIComponent(key),
          basic,
          encodeURIComponent(basic),
          JSON.stringify(key).slice(1, -1),
          JSON.stringify(JSON.stringify(key).slice(1, -1)).slice(1, -1),
          encodeURIComponent(encodeURIComponent(key)),
          key
            .replaceAll("&", "&amp;")
            .replaceAll("<", "&lt;")
            .replaceAll(">", "&gt;")
            .replaceAll('"', "&quot;"),
        ]) {
          assert.equal(redactor.redact(`<${form}>`), `<${REDACTED}>`);
        }
      }),
    );
  });

  it("does not take the blanks around a key for a part of it", () => {
    const redactor = new Redactor(" \tsecret-key-0123456789\n");
    assert.equal(redactor.redact("<secret-key-0123456789>"), `<${REDACTED}>`);
    assert.equal(redactor.redact("< secret-key-0123456789 >"), `< ${REDACTED} >`);
    assert.equal(new Redactor("  ").redact("a  b"), "a  b");
  });

  it("takes out the beginning of a key where a long value was cut short", () => {
    const redactor = new Redactor("secret-key-0123456789");
    assert.equal(
      redactor.redact('zone: "us secret-k… (66 characters), x'),
      `zone: "us ${REDACTED}… (66 characters), x`,
    );
    assert.equal(redactor.redact("a sec… and a secret… end"), "a sec… and a [redacted]… end");
  });

  it("leaves text without the key as it is", () => {
    assert.equal(
      new Redactor("0123456789abcdef").redact("plan 0123456789 is unknown"),
      "plan 0123456789 is unknown",
    );
  });

  it("makes one line of at most 500 characters, and cuts no key in half", () => {
    const redactor = new Redactor("secret-key-0123456789");
    const words = redactor.words(`${"x".repeat(490)}\n\u0000 secret-key-0123456789 ${"y".repeat(500)}`);
    assert.equal(words.length, 500);
    assert.ok(!words.includes("\n") && !words.includes("secret"));
  });
});
