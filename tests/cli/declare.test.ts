/** A program for what is active already: it compiles, adopts exactly that, and writes nothing to the account. */
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { z } from "zod";
import { startEmulator } from "../../provider/testing/emulator";
import { embeddedEngine, type StackHandle } from "../../provider/testing/engine";
import { typeProblems } from "../docs/typeCheck";
import { ended, runWith } from "../harness/cli/commandLine";
import {
  EUROPE,
  type GrownAccount,
  inA,
  inB,
  OTHER_ORG,
  PILOT,
  startGrownAccount,
} from "../harness/cli/grownAccount";
import { KEY, ORG, PLAN } from "../harness/engine/fleetStack";

const root = join(__dirname, "../../..");

describe("pulumi-hologram declare", function declare() {
  this.timeout(240_000);
  let grown: GrownAccount;
  let folder: string;
  let stack: StackHandle;
  const opened: StackHandle[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "declare-"));
    grown = await startGrownAccount();
  });
  after(async () => {
    for (const each of opened) await each.close();
    await grown.emulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function command(...args: readonly string[]) {
    const env = { HOLOGRAM_API_KEY: KEY, HOLOGRAM_BASE_URL: grown.emulator.url };
    const running = runWith({ env }, ...args);
    return { code: await ended(running), output: running.output(), errors: running.errors() };
  }

  async function declared(...args: readonly string[]): Promise<string> {
    const { code, output, errors } = await command("declare", ...args);
    assert.deepEqual([code, errors], [0, ""]);
    return output;
  }

  /** Opens a stack on a program, as the embedded engine runs it: compiled. */
  async function open(name: string, program: string): Promise<StackHandle> {
    const project = join(folder, name);
    mkdirSync(join(project, "node_modules"), { recursive: true });
    symlinkSync(root, join(project, "node_modules", "pulumi-hologram"), "dir");
    symlinkSync(join(root, "node_modules", "@pulumi"), join(project, "node_modules", "@pulumi"), "dir");
    writeFileSync(join(project, "package.json"), JSON.stringify({ name, version: "1.0.0" }));
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    writeFileSync(join(project, "index.js"), ts.transpileModule(program, { compilerOptions }).outputText);
    mkdirSync(join(project, "state"));
    const env = {
      HOLOGRAM_API_KEY: KEY,
      HOLOGRAM_BASE_URL: grown.emulator.url,
      HOLOGRAM_ORG_ID: "",
      HOLOGRAM_JOURNAL: join(project, "journal"),
    };
    const file = join(project, "index.js");
    const handle = await embeddedEngine().stack({
      program: file,
      project: name,
      stack: "dev",
      directory: join(project, "state"),
      env,
    });
    opened.push(handle);
    return handle;
  }

  it("prints the same program at every run, and reads only", async () => {
    grown.emulator.clearRequests();
    const [first, second] = [await declared(), await declared()];
    assert.equal(first, second);
    assert.ok(grown.emulator.requests.length > 5);
    assert.ok(grown.emulator.requests.every(({ method }) => method === "GET"));
    assert.match(
      first,
      /^import \* as hologram from "pulumi-hologram";\n\n\/\/ 3,\d{3} SIMs in \d+ fleets, \$[\d,.]+\/month\.\n/,
    );
    const block = { page: "index.ts", line: 0, language: "ts", text: first };
    assert.deepEqual(typeProblems([block]), []);
  });

  it("groups by organization, plan, zone, limits and tags, as ranges where no other card can lie between", async () => {
    const program = await declared();
    const fleets = fleetsIn(program);
    const ranges = fleets.flatMap((fleet) => (fleet.simRange === undefined ? [] : [fleet]));
    const range = (first: string, last: string) =>
      ranges.find(({ simRange }) => simRange === `${first}-${last}`);
    assert.deepEqual(
      range(inA(0), inA(199)),
      fleet("global-flat-048260", { simRange: `${inA(0)}-${inA(199)}`, expectedSims: 200 }),
    );
    assert.ok(range(inA(205), inA(299)), "dead SIMs end a range");
    assert.ok(range(inA(312), inA(499)), "paused ones too");
    assert.ok(range(inA(503), inA(999)), "and cards that are somebody else's; what Hologram paused is in it");
    assert.ok(range(inB(1_000), inB(2_399)));
    const others = fleets.find(({ name }) => name === "global-flat-others");
    assert.deepEqual(
      others?.sims?.slice(0, 3),
      [inB(0), inB(3), inB(6)],
      "cards that are not listed lie between",
    );
    const cold = fleets.filter(({ name }) => name.startsWith("cold-chain"));
    const limited = { plan: PLAN, overageLimit: 5_000_000, smsLimit: 50 };
    assert.deepEqual(
      cold.map(({ name, plan, overageLimit, smsLimit }) => [name, { plan, overageLimit, smsLimit }]),
      [
        ["cold-chain-pilot-1-mb", { plan: PILOT, overageLimit: undefined, smsLimit: undefined }],
        ["cold-chain-zürich-depot-7", { plan: PILOT, overageLimit: undefined, smsLimit: undefined }],
        [`cold-chain-global-flat-${inA(1_000).slice(-6)}`, limited],
        [`cold-chain-global-flat-${inA(1_101).slice(-6)}`, limited],
      ],
    );
    assert.match(
      program,
      /^\/\/ 4 SIMs with several profiles, declared by one ICCID: the device is held and billed once\.$/m,
    );
    assert.ok(!program.includes("898810000000"), "not by the second");
    const trial = fleets.find(({ orgId }) => orgId === OTHER_ORG);
    assert.deepEqual([trial?.plan, trial?.zone], [EUROPE, "Zone 1"]);
    assert.match(
      program,
      new RegExp(`// {3}${inA(300)} to ${inA(311)} \\(12 SIMs\\)\\n// {3}${inA(1_100)}\\n`),
    );
  });

  it("declares exactly what is active: the preview adopts it, nothing is due, and `up` writes nothing", async () => {
    const program = await declared();
    stack = await open("grown", program);
    grown.emulator.clearRequests();
    const [ledger, before] = [grown.emulator.ledger.length, grown.emulator.sims()];
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(grown.emulator.writes(), []);
    assert.equal(grown.emulator.ledger.length, ledger);
    assert.deepEqual(grown.emulator.sims(), before);
    const outputs = (await stack.export()).resources.flatMap(({ outputs: each }) => {
      const read = outputsOfFleet.safeParse(each);
      return read.success ? [read.data] : [];
    });
    assert.deepEqual(outputs.flatMap(({ iccids }) => iccids).sort(), [...grown.active].sort());
    for (const { preview, simCount } of outputs) {
      const { activate, adopt, resume, changePlan, changeLimits, release, dueNow } = preview;
      assert.deepEqual(
        { activate, adopt, resume, changePlan, changeLimits, release, dueNow },
        { activate: 0, adopt: simCount, resume: 0, changePlan: 0, changeLimits: 0, release: 0, dueNow: 0 },
      );
    }
    assert.equal(await declared(), program, "a second time it writes the same text");
  });

  it("leaves out what a stack declares; orphans finds the paused ones only", async () => {
    const state = join(folder, "grown.json");
    writeFileSync(state, await stack.exportText());
    assert.match(await declared("--stack", state), /There is no active SIM to declare\./);
    const found = await command("orphans", "--stack", state, "--json");
    const iccids: string[] = JSON.parse(found.output).orphans.map(({ iccid }: { iccid: string }) => iccid);
    assert.deepEqual(iccids.sort(), [...grown.pausedByHand].sort());
  });

  it("includes paused ones on demand: the preview says that it resumes them", async () => {
    const program = await declared("--include-paused", "--sim-range", `${inA(290)}-${inA(320)}`);
    const paused = await open("paused", program);
    const { ok, text } = await paused.preview();
    assert.ok(ok, text);
    assert.match(text, /adopt 31 SIMs, resume 12 /);
  });

  it("takes a choice by plan, tag, organization and range", async () => {
    const sims = async (...args: string[]) =>
      (await declared(...args)).match(/^\/\/ ([\d,]+) SIMs? in /m)?.[1];
    assert.equal(await sims("--plan", `${PILOT}`), "300");
    assert.equal(await sims("--tag", "cold-chain"), "419");
    assert.equal(await sims("--tag", "cold-chain", "--plan", `${PILOT}`), "20");
    assert.equal(await sims("--org", `${OTHER_ORG}`), "399");
    assert.equal(await sims("--sim-range", `${inA(0)}-${inA(9)}`), "10");
  });

  it("writes a project, and no file of a folder that is not empty", async () => {
    const out = join(folder, "Trucks 7");
    const { code, output, errors } = await command("declare", "--plan", `${PILOT}`, "--out", out);
    assert.deepEqual([code, output], [0, ""]);
    assert.match(errors, /npm install\n {2}pulumi stack init/);
    assert.equal(readFileSync(join(out, "index.ts"), "utf8"), await declared("--plan", `${PILOT}`));
    assert.match(readFileSync(join(out, "Pulumi.yaml"), "utf8"), /^name: "trucks-7"\n/);
    const manifest = JSON.parse(readFileSync(join(out, "package.json"), "utf8"));
    const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    assert.deepEqual(manifest.dependencies, {
      "@pulumi/pulumi": own.peerDependencies["@pulumi/pulumi"],
      "pulumi-hologram": `^${own.version}`,
    });
    assert.ok(existsSync(join(out, "tsconfig.json")));
    const again = await command("declare", "--out", out);
    assert.equal(again.code, 2);
    assert.match(again.errors, /Trucks 7 is not empty, and nothing in it was changed: name a new folder\.$/m);
  });

  const dependencies = [
    ["dependencies", "^0.0.9", "^0.0.9"],
    ["devDependencies", "file:../pulumi-hologram-0.1.0.tgz", "file:../../pulumi-hologram-0.1.0.tgz"],
  ] as const;
  for (const [where, here, there] of dependencies) {
    it(`lets the project get the package as the one it was written from: ${here}`, async () => {
      const cwd = mkdtempSync(join(folder, "project-"));
      writeFileSync(join(cwd, "package.json"), JSON.stringify({ [where]: { "pulumi-hologram": here } }));
      const env = { HOLOGRAM_API_KEY: KEY, HOLOGRAM_BASE_URL: grown.emulator.url };
      assert.equal(await ended(runWith({ env, cwd }, "declare", "--plan", `${PILOT}`, "--out", "fleets")), 0);
      const manifest = JSON.parse(readFileSync(join(cwd, "fleets", "package.json"), "utf8"));
      assert.equal(manifest.dependencies["pulumi-hologram"], there);
    });
  }

  it("refuses wrong use with one sentence and exit code 2", async () => {
    for (const [args, words] of [
      [["--sim-range", "1-2"], /^--sim-range: "1" is not an ICCID: 18 to 22 digits, .*; "2" is not an ICCID/],
      [["--plan", "flat"], /^"flat" is not an id/],
      [["--org", "99"], /does not see organization 99/],
      [["--org", `${ORG}`, "--org", "99"], /does not see organization 99/],
      [
        ["--plan", `${PLAN}`, "--plan", "9999"],
        /^--plan: organization 777, 12345 has no plan 9999\. The plans are .*\b2096 \(Global Flat\)/,
      ],
      [
        ["--org", `${ORG}`, "--tag", "nope"],
        /^--tag: organization 12345 has no tag nope\. The tags are \d+ \(cold-chain\), /,
      ],
      [["--org", `${OTHER_ORG}`, "--tag", "cold-chain"], /^--tag: .* The tags are none\.$/m],
    ] as const) {
      const out = join(folder, "refused");
      const { code, output, errors } = await command("declare", "--out", out, ...args);
      assert.deepEqual([code, output, existsSync(out)], [2, "", false]);
      assert.match(errors, words);
    }
  });

  it("takes a plan that Hologram lists no more, and SIMs are on", async () => {
    const [iccid, old] = ["89445001029900000018", 42];
    const emulator = await startEmulator({
      account: {
        organizations: [{ id: ORG }, { id: OTHER_ORG }],
        keys: [{ key: KEY, role: "admin", orgIds: [ORG] }],
        plans: [{ id: old, name: "Old", zones: { global: "1.00" }, orgIds: [OTHER_ORG] }],
      },
    });
    try {
      emulator.addPack({ first: iccid, count: 1, orgId: OTHER_ORG });
      emulator.activateByHand([iccid], { plan: old, zone: "global", orgId: OTHER_ORG });
      emulator.move(iccid, ORG);
      const env = { HOLOGRAM_API_KEY: KEY, HOLOGRAM_BASE_URL: emulator.url };
      const running = runWith({ env }, "declare", "--plan", `${old}`);
      assert.deepEqual([await ended(running), running.errors()], [0, ""]);
      assert.deepEqual(
        fleetsIn(running.output()).map(({ plan, sims }) => [plan, sims]),
        [[old, [iccid]]],
      );
    } finally {
      await emulator.close();
    }
  });

  it("takes --org before HOLOGRAM_ORG_ID, and that before all organizations", async () => {
    const env = {
      HOLOGRAM_API_KEY: KEY,
      HOLOGRAM_BASE_URL: grown.emulator.url,
      HOLOGRAM_ORG_ID: `${OTHER_ORG}`,
    };
    for (const [args, orgIds] of [
      [[], [OTHER_ORG]],
      [["--org", `${ORG}`], [ORG]],
      [
        ["--org", `${ORG}`, "--org", `${OTHER_ORG}`, "--org", `${ORG}`],
        [OTHER_ORG, ORG],
      ],
    ] as const) {
      const running = runWith({ env }, "declare", ...args);
      assert.deepEqual([await ended(running), running.errors()], [0, ""]);
      const fleets = fleetsIn(running.output());
      assert.deepEqual([...new Set(fleets.map(({ orgId }) => orgId))], orgIds);
    }
    const refused = runWith({ env }, "declare", "--org", "999");
    assert.deepEqual([await ended(refused), refused.output()], [2, ""]);
    assert.match(refused.errors(), /does not see organization 999; it sees/);
  });
});

interface Fleet {
  readonly name: string;
  readonly simRange?: string;
  readonly sims?: readonly string[];
  readonly expectedSims?: number;
  readonly orgId: number;
  readonly plan: number;
  readonly zone: string;
  readonly overageLimit?: number;
  readonly smsLimit?: number;
}

function fleet(name: string, selection: Partial<Fleet>): Fleet {
  return { name, ...selection, orgId: ORG, plan: PLAN, zone: "global" };
}

/** The program itself, run with a constructor that only looks. */
function fleetsIn(program: string): Fleet[] {
  const fleets: Fleet[] = [];
  class SimActivation {
    constructor(name: string, args: Omit<Fleet, "name">) {
      fleets.push({ name, ...args });
    }
  }
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(program, { compilerOptions });
  new Function("require", "exports", outputText)(() => ({ SimActivation }), {});
  return fleets;
}

const outputsOfFleet = z.object({
  iccids: z.array(z.string()),
  simCount: z.number(),
  preview: z.record(z.string(), z.unknown()),
});
