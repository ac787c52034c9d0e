import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { iccid, ORG, ok, withServer } from "./support";

describe("a process that used the client", () => {
  it("ends by itself, although the server keeps connections open", () =>
    withServer(
      () => ({ ...ok([]), headers: { "keep-alive": "timeout=600" } }),
      async (server) => {
        const program = `
          const { Hologram } = require(${JSON.stringify(join(__dirname, "../../provider/hologram"))});
          const client = new Hologram({ apiKey: "some key", baseUrl: ${JSON.stringify(server.url)} });
          const target = { sims: [${JSON.stringify(iccid(1))}] };
          client.organizations()
            .then(() => client.claim({ orgId: ${ORG}, target, plan: 1, zone: "global" }))
            .then((answer) => process.stdout.write(answer.kind));`;
        const started = Date.now();
        const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { timeout: 20_000 });
        assert.equal(stdout, "claimed");
        assert.equal(server.seen.length, 2);
        assert.ok(Date.now() - started < 15_000);
      },
    ));
});
