import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Connection } from "../account/connection";
import { type OpenOrganization, openOrganization } from "../account/organizations";
import type { Reporter } from "../fleet/model/account";
import { messageOf } from "../fleet/model/errors";
import { type Command, readOptions, UsageError } from "./command";
import { findOrphans } from "./findings";
import { readState, type StackRecord } from "./states";
import { asJson, asText } from "./table";

/** Lists SIMs that are active and billed, and declared in none of the given stacks; and those declared in two. */
export const orphans: Command = {
  usage: `Usage: pulumi-hologram orphans --stack <file> [--stack <file> …] [options]

Lists SIMs that are active and billed but declared in none of the stacks, with what they cost, and
SIMs that are declared in more than one. Reads only.

Options:
  --stack <file>  state of a stack, from \`pulumi stack export --file <file>\`; - reads it from
                  standard input; may be repeated. Give every stack that has fleets in the organization
  --json          print JSON
  --help          show this text

Environment: HOLOGRAM_API_KEY, and HOLOGRAM_ORG_ID for one organization; without it those of the
stacks' fleets are looked at, or the key's only one. HOLOGRAM_BASE_URL for another address.

Exit code: 0 nothing found, 1 something found, 2 wrong use, or no answer could be had.
`,

  async run(args) {
    const options = readOptions(args, OPTIONS);
    const session = new Connection();
    try {
      const stacks = await readStacks(options.stack ?? []);
      const organizations = await openAll(session, stacks);
      const findings = await findOrphans(organizations, stacks);
      const names = stacks.map(({ name }) => name);
      const orgIds = organizations.map(({ orgId }) => orgId);
      process.stdout.write(options.json ? asJson(findings, names, orgIds) : asText(findings, names));
      return findings.orphans.length + findings.declaredTwice.length > 0 ? 1 : 0;
    } catch (error) {
      // 1 is an answer, so that no failure may look like it.
      throw new UsageError(session.redact(messageOf(error)));
    }
  },
};

const OPTIONS = {
  stack: { type: "string", multiple: true },
  json: { type: "boolean", default: false },
} as const;

async function readStacks(files: readonly string[]): Promise<StackRecord[]> {
  if (files.length === 0) {
    throw new UsageError(
      "orphans takes --stack <file>, once for each stack: the file is what `pulumi stack export` prints.",
    );
  }
  const stacks: StackRecord[] = [];
  for (const file of files) {
    const stack = readState(await contentsOf(file), file);
    if (stacks.some(({ name }) => name === stack.name)) {
      throw new UsageError(
        `The state of ${stack.name} is given twice; every SIM of it would be declared twice.`,
      );
    }
    stacks.push(stack);
    for (const { name } of stack.fleets.filter((fleet) => fleet.byDevicesAlone)) {
      note(
        `The selection of ${name} in ${stack.name} is encrypted: its SIMs are known by their devices. SIMs that it ` +
          "declares and does not hold yet are seen with an export by --show-secrets.",
      );
    }
  }
  return stacks;
}

async function contentsOf(file: string): Promise<string> {
  try {
    return file === "-" ? await text(process.stdin) : await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${messageOf(error)}.`);
  }
}

/** The organization of the environment; else those of the fleets; else the key's only one. */
async function openAll(session: Connection, stacks: readonly StackRecord[]): Promise<OpenOrganization[]> {
  const settings = session.settings();
  if (settings.apiKey === undefined)
    throw new UsageError("no API key: set HOLOGRAM_API_KEY in the environment");
  const declared = new Set(stacks.flatMap(({ fleets }) => fleets.flatMap(({ orgId }) => orgId ?? [])));
  const wanted = settings.orgId === undefined ? [...declared].sort((a, b) => a - b) : [settings.orgId];
  const skipped = [...declared].filter((orgId) => !wanted.includes(orgId));
  if (skipped.length > 0)
    note(`Not looked at, because of HOLOGRAM_ORG_ID: organization ${skipped.join(", ")}.`);
  const open: OpenOrganization[] = [];
  for (const orgId of wanted.length === 0 ? [undefined] : wanted) {
    open.push(await openOrganization(session, settings, orgId, report));
  }
  return open;
}

/** Beside the answer, which alone goes to standard output. */
function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

const report: Reporter = { progress: note, info: note, warn: note };
