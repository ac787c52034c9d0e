import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { startEmulator } from "../../provider/testing/emulator";
import { ROOT } from "../harness/provider/providerProcess";

/** Packages that a process has loaded, as a program that imports this one and calls a look-up sees them. */
const script = `
  const loaded = () => {
    const names = Object.keys(require.cache).map((file) => /node_modules.((?:@[^/\\\\]+.)?[^/\\\\]+)/.exec(file)?.[1]);
    return ["undici", "zod", "big.js", "hono"].filter((name) => names.includes(name));
  };
  const hologram = require("pulumi-hologram");
  const imported = loaded();
  hologram.getPlans().then(({ length }) => console.log(JSON.stringify({ imported, called: loaded(), length })));
`;
const answer = z.object({ imported: z.array(z.string()), called: z.array(z.string()), length: z.number() });

describe("look-ups: loading", () => {
  it("undici and zod are loaded by the first look-up, not by the import of the package", async () => {
    const emulator = await startEmulator();
    try {
      const env = {
        PATH: process.env.PATH,
        HOLOGRAM_API_KEY: emulator.apiKey,
        HOLOGRAM_BASE_URL: emulator.url,
      };
      const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: ROOT, env });
      const { imported, called, length } = answer.parse(JSON.parse(stdout));
      assert.deepEqual(imported, []);
      assert.deepEqual(called, ["undici", "zod", "big.js"]);
      assert.ok(length > 0);
    } finally {
      await emulator.close();
    }
  });
});
