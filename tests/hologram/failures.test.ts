import assert from "node:assert/strict";
import {
  ApiError,
  DoubtfulError,
  HologramError,
  KeyRefusedError,
  RoleTooLowError,
  UnreadableAnswerError,
} from "../../provider/hologram";
import { all, clientOf, failureOf, type Given, KEY, ORG, ok, withServer } from "./support";

/** What a read and a change make of the same answer. */
async function failures(given: Given): Promise<{ read: Error; write: Error }> {
  let read = new Error();
  let write = new Error();
  await withServer(
    () => given,
    async (server) => {
      read = await failureOf(clientOf(server).plans(ORG));
      write = await failureOf(clientOf(server).setState(ORG, [1], "deactivate"));
    },
  );
  return { read, write };
}

describe("failures", () => {
  it("of the key name the setting to change", async () => {
    const { read, write } = await failures({
      status: 401,
      body: { success: false, error: "Invalid API key" },
    });
    for (const error of [read, write]) {
      assert.ok(
        error instanceof KeyRefusedError && error instanceof ApiError && error instanceof HologramError,
      );
      assert.match(error.message, /"Invalid API key"; set HOLOGRAM_API_KEY/);
    }
  });

  it("of the role name what it takes", async () => {
    const { read, write } = await failures({
      status: 403,
      body: { success: false, error: "No permissions to perform operation" },
    });
    assert.ok(read instanceof RoleTooLowError && write instanceof RoleTooLowError);
    assert.match(
      read.message,
      /GET \/plans: "No permissions to perform operation"; it takes the role Editor or higher/,
    );
    assert.match(write.message, /POST \/devices\/state.*it takes the role Owner or Admin/);
  });

  it("repeat the server's words, in whatever form they come", async () => {
    const bodies = [
      { success: false, error: "Plan is gone" },
      { success: false, errors: "Plan is gone" },
      { success: false, errors: ["Plan is gone"] },
      { success: false, errors: { plan: ["Plan is gone"] } },
      { success: false, data: "Plan is gone" },
      { success: false, data: { "2096": "Plan is gone" } },
      { success: "false", error: { code: 17, message: "Plan is gone" } },
    ];
    for (const body of bodies) {
      for (const status of [200, 400, 422]) {
        const { read, write } = await failures({ status, body });
        for (const error of [read, write]) {
          assert.ok(error instanceof ApiError, JSON.stringify(body));
          assert.equal(error.words, "Plan is gone");
          assert.equal(error.status, status);
        }
      }
    }
  });

  it("take plain text and web pages for words", async () => {
    const { read } = await failures({ status: 400, body: "  Bad\nrequest  " });
    assert.ok(read instanceof ApiError && read.words === "Bad request");
    const html = "<html><style>p{}</style><body><h1>404</h1><p>Not Found</p></body></html>";
    const { write } = await failures({ status: 404, body: html });
    assert.ok(write instanceof ApiError && write.words === "404 Not Found");
  });

  it("take no field that may be private for words", async () => {
    const { read } = await failures({
      status: 400,
      body: { success: false, data: { sim: "8944", pin: "PIN-SECRET" } },
    });
    assert.ok(read instanceof ApiError && read.words === "");
    assert.equal(read.message, "Hologram refused GET /plans with status 400.");
  });

  it("keep 500 characters of a long answer", async () => {
    const { read } = await failures({ status: 400, body: "word ".repeat(1_000) });
    assert.ok(read instanceof ApiError && read.words.length === 500);
  });

  it("of a 5xx leave a change in doubt", async () => {
    const { read, write } = await failures({ status: 503, body: { success: false, error: "Try later" } });
    assert.ok(read instanceof ApiError && read.status === 503);
    assert.ok(write instanceof DoubtfulError);
    assert.match(write.message, /may or may not have carried out POST \/devices\/state.*503.*Try later/);
  });

  it("of a 408 leave a change in doubt", async () => {
    const { read, write } = await failures({ status: 408, body: { success: false, error: "Timeout" } });
    assert.ok(read instanceof ApiError && read.status === 408);
    assert.ok(write instanceof DoubtfulError);
  });

  it("of answers without usable content say what is wrong, not what they hold", async () => {
    const unreadable: [unknown, RegExp][] = [
      ["", /it is empty/],
      ['{"success":true,"data":[{"pin":"PIN-SEC', /not complete JSON/],
      ["<p>Welcome PIN-SECRET</p>", /web page/],
      [[{ pin: "PIN-SECRET" }], /does not say whether/],
      [{ pin: "PIN-SECRET" }, /does not say whether/],
    ];
    for (const [body, problem] of unreadable) {
      const { read, write } = await failures({ body });
      assert.ok(read instanceof UnreadableAnswerError, read.name);
      assert.ok(write instanceof DoubtfulError, write.name);
      for (const error of [read, write]) {
        assert.match(error.message, problem);
        assert.doesNotMatch(error.message, /PIN-SEC/);
      }
    }
  });

  it("of a list whose items all fail name the field and the place", () =>
    withServer(
      () =>
        ok([
          { id: 1, pin: "PIN-SECRET" },
          { id: 2, pin: "PIN-SECRET" },
        ]),
      async (server) => {
        const error = await failureOf(all(clientOf(server).simsOf(ORG)));
        assert.ok(error instanceof UnreadableAnswerError);
        assert.equal(
          error.message,
          "Hologram's answer to GET /links/cellular cannot be read: no usable sim in item 1 of its list.",
        );
      },
    ));

  it("are one sentence, without the key or the query", async () => {
    for (const status of [200, 302, 400, 401, 403, 404, 408, 500]) {
      const { read, write } = await failures({ status, body: { success: false, error: `What is ${KEY}?` } });
      for (const { message } of [read, write]) {
        assert.match(message, /^[A-Z][^\n]*\.$/);
        assert.ok(!message.includes(KEY) && !message.includes("orgid"));
      }
    }
  });
});
