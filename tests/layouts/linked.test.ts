/** The one layout of the short form: a shared package has the dependency, and the program has it or has not. */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { embeddedEngine } from "../../provider/testing/engine";
import { assertActivates, assertRefused } from "./play";
import { Workspace } from "./workspace";

describe("a workspace whose shared package declares the fleets", function linked() {
  this.timeout(120_000);

  async function withWorkspace(
    dependent: "shared" | "shared and program",
    test: (workspace: Workspace) => Promise<void>,
  ): Promise<void> {
    const workspace = new Workspace(dependent);
    try {
      workspace.link();
      await test(workspace);
    } finally {
      workspace.remove();
    }
  }

  it("works where the program depends on the package too", () =>
    withWorkspace("shared and program", ({ infra }) =>
      assertActivates(join(infra, "index.js"), embeddedEngine()),
    ));

  it("says which folder needs the dependency where it does not", () =>
    withWorkspace("shared", ({ infra }) =>
      assertRefused(join(infra, "index.js"), realpathSync(infra), embeddedEngine()),
    ));
});
