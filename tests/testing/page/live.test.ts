/** News of the account in a browser, and what the page costs while nobody looks at it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Visitor, visit } from "./visitor";

/** Reads the news of the page, one message at a time. */
async function listen(visitor: Visitor) {
  const leave = new AbortController();
  const answer = await fetch(`${visitor.origin}/events`, { signal: leave.signal });
  assert.equal(answer.headers.get("content-type"), "text/event-stream");
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.ok(reader !== undefined);
  return {
    next: async () => (await reader.read()).value,
    leave: () => leave.abort(),
  };
}

describe("the news of the page", () => {
  it(
    "come at once for requests, for charges and for what a person does, and carry nothing",
    visit(async (visitor) => {
      const news = await listen(visitor);
      assert.equal(await news.next(), "data: news\n\n");
      visitor.emulator.addPack({ first: "89445001021983048260", count: 3 });
      assert.equal(await news.next(), "data: news\n\n");
      await fetch(`${visitor.emulator.url}/plans`);
      assert.equal(await news.next(), "data: news\n\n");
      news.leave();
    }),
  );

  it(
    "are told together where many come at once",
    visit(async (visitor) => {
      const news = await listen(visitor);
      await news.next();
      for (let i = 0; i < 500; i += 1) visitor.emulator.addOrganization({});
      assert.equal(await news.next(), "data: news\n\n");
      // The rest of the five hundred makes one message more, and this is the one after it.
      assert.equal(await news.next(), "data: news\n\n");
      let more = false;
      const next = news.next().then(() => {
        more = true;
      });
      await visitor.get("/");
      assert.equal(more, false);
      visitor.emulator.addOrganization({});
      await next;
      news.leave();
    }),
  );

  it(
    "end with the emulator, which waits for no browser",
    visit(async (visitor) => {
      const news = await listen(visitor);
      await news.next();
      await visitor.emulator.close();
      await assert.rejects(news.next());
    }),
  );
});

describe("a page that nobody looks at", () => {
  it("is not loaded: neither its views, nor what they are made with", () => {
    const emulator = join(__dirname, "../../../provider/testing/emulator");
    const script = `
      const { startEmulator } = require(${JSON.stringify(emulator)});
      const loaded = () => Object.keys(require.cache).filter((file) => /emulator.page.|hono.*(jsx|streaming)/.test(file)).length;
      (async () => {
        const emulator = await startEmulator();
        await fetch(emulator.url + "/plans");
        const before = loaded();
        await fetch("http://127.0.0.1:" + emulator.port + "/");
        console.log(JSON.stringify([before, loaded() > 10]));
        await emulator.close();
      })();`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    assert.equal(stdout.trim(), "[0,true]", stderr);
  });
});
