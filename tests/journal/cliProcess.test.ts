import assert from "node:assert/strict";
import { factsFromPs, factsInProc, findCli, type ProcessFacts } from "../../provider/journal/cliProcess";

const facts = (parent: number, program: string): ProcessFacts => ({
  ...{ parent, program },
  ...{ start: `start of ${program}`, startedAtMs: 1_000 },
});
const tree = (...chain: (readonly [number, string])[]) => {
  const all = new Map(chain.map(([pid, program], at) => [pid, facts(chain[at + 1]?.[0] ?? 0, program)]));
  return (pid: number): ProcessFacts | undefined => all.get(pid);
};

describe("the process of the CLI", () => {
  it("is the nearest one of that name, whatever stands between", () => {
    const provider = tree(
      [9, "pulumi-resource"],
      [7, "pulumi"],
      [5, "MainThread"],
      [3, "pulumi"],
      [1, "init"],
    );
    const program = tree([8, "pulumi-language-nodejs"], [7, "pulumi"], [5, "MainThread"]);
    const cli = { name: "cli 7 start of pulumi", startedAtMs: 1_000 };
    assert.deepEqual([findCli(9, provider), findCli(8, program)], [cli, cli]);
    assert.equal(findCli(7, tree([7, ".pulumi-wrapped"]))?.name, "cli 7 start of .pulumi-wrapped");
  });

  it("is not there where none of these is one, or where a chain breaks off or turns in a circle", () => {
    assert.equal(findCli(9, tree([9, "npm exec pulumi"], [7, "pulumi-runner"], [1, "init"])), undefined);
    assert.equal(
      findCli(9, () => undefined),
      undefined,
    );
    assert.equal(
      findCli(9, () => facts(9, "sh")),
      undefined,
    );
  });

  const systems = { "the files of Linux": factsInProc, ps: factsFromPs };
  for (const [what, read] of Object.entries(systems)) {
    it(`is read from ${what}: the parent of this process, and when this one began`, function () {
      const factsOf = read();
      const own = factsOf(process.pid);
      // Not every system has both.
      if (own === undefined) return this.skip();
      assert.equal(own.parent, process.ppid);
      assert.ok(factsOf(own.parent)?.program);
      assert.ok(Math.abs(own.startedAtMs - performance.timeOrigin) < 2_000, `${own.startedAtMs}`);
      assert.equal(read()(process.pid)?.start, own.start);
    });
  }
});
