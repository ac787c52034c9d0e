import { onAccount, openAccounts } from "../account/onAccount";
import { CommandError, type ExitCode } from "../command";
import { readStacks } from "../stacks/readStacks";
import { widthOf } from "../terminal/table";
import { findOrphans } from "./findings";
import { asJson, asText } from "./orphansText";

/** The options of `pulumi-hologram orphans`, as the command line gives them. */
export interface OrphansOptions {
  readonly stack?: readonly string[];
  readonly json?: true;
}

/** `pulumi-hologram orphans`: 0 where nothing is found, 1 where something is. */
export function runOrphans({ stack: files = [], json }: OrphansOptions): Promise<ExitCode> {
  return onAccount(async (connection, progress) => {
    if (files.length === 0) {
      throw new CommandError(
        "orphans takes --stack <file>, once for each stack: the file is what `pulumi stack export` prints.",
      );
    }
    const stacks = await readStacks(files, (line) => progress.info(line));
    const declared = stacks.flatMap(({ fleets }) => fleets.flatMap(({ orgId }) => orgId ?? []));
    const organizations = await openAccounts(connection, declared, progress);
    const findings = await findOrphans(organizations, stacks, progress);
    const names = stacks.map(({ name }) => name);
    const orgIds = organizations.map(({ orgId }) => orgId);
    progress.clear();
    process.stdout.write(
      json ? asJson(findings, names, orgIds) : asText(findings, names, widthOf(process.stdout)),
    );
    return findings.orphans.length + findings.declaredTwice.length > 0 ? 1 : 0;
  });
}
