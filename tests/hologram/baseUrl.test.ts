import assert from "node:assert/strict";
import { Hologram, HologramError } from "../../provider/hologram";
import { checkBaseUrl, DEFAULT_BASE_URL, normalBaseUrl } from "../../provider/hologram/baseUrl";

describe("base URL", () => {
  it("is https anywhere, or plain http to this machine", () => {
    assert.equal(checkBaseUrl("https://dashboard.hologram.io/api/1/"), "https://dashboard.hologram.io/api/1");
    for (const host of ["127.0.0.1:8080", "127.8.9.10", "localhost:1", "[::1]:9"]) {
      assert.equal(checkBaseUrl(`http://${host}/api/1`), `http://${host}/api/1`);
    }
  });

  it("has one spelling, and the default is in it", () => {
    for (const text of [
      "https://h.io/api/1/",
      "https://h.io/api/1//",
      "https://H.io:443/api/1",
      "HTTPS://h.io/api/./1?",
    ]) {
      assert.equal(checkBaseUrl(text), "https://h.io/api/1");
      assert.equal(normalBaseUrl(text), "https://h.io/api/1");
    }
    assert.equal(normalBaseUrl(DEFAULT_BASE_URL), DEFAULT_BASE_URL);
    for (const text of ["nonsense", "https://h.io/?apikey=hunter22"]) assert.equal(normalBaseUrl(text), text);
  });

  it("is refused where the key would travel in the clear", () => {
    const unsafe = [
      "http://dashboard.hologram.io/api/1",
      "http://127.0.0.1.example.com/",
      "http://localhost.example.com/",
      "http://10.0.0.1/",
      "http://0.0.0.0/",
      "http://[::ffff:10.0.0.1]/",
      "ftp://localhost/",
      "file:///tmp",
      "nonsense",
      "",
    ];
    for (const url of unsafe) assert.throws(() => checkBaseUrl(url), HologramError, url);
  });

  it("holds no credentials, query or fragment, and the error does not repeat them", () => {
    for (const url of [
      "https://apikey:hunter22@h.io/",
      "https://h.io/?apikey=hunter22",
      "https://h.io/#hunter22",
    ]) {
      assert.throws(
        () => checkBaseUrl(url),
        (error: Error) => error instanceof HologramError && !error.message.includes("hunter22"),
      );
    }
  });

  it("is checked, and so is the key, when a client is made", () => {
    assert.throws(() => new Hologram({ apiKey: "k", baseUrl: "http://example.com" }), HologramError);
    assert.throws(() => new Hologram({ apiKey: " \n" }), /no Hologram API key/);
  });
});
