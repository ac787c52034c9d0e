import type { Connection } from "../../account/connection";
import type { OpenOrganization } from "../../account/organizations";
import type { Reporter } from "../../fleet/model/account";
import { monthlyCost } from "../../fleet/observe/price";
import { onAccount, openEach } from "../account/onAccount";
import { PriceList } from "../account/prices";
import type { ExitCode } from "../command";
import { readStacks } from "../stacks/readStacks";
import type { StackRecord } from "../stacks/states";
import { type ActiveSim, readActiveSims } from "./activeSims";
import { type Choice, checkChoice, readChoice } from "./choice";
import { type OrganizationText, programText } from "./programText";
import { nextSteps, writeProject } from "./project";
import { runsOf } from "./runs";
import { groupSims } from "./simGroups";

/** The options of `pulumi-hologram declare`, as the command line gives them. */
export interface DeclareOptions {
  readonly out?: string;
  readonly org?: readonly number[];
  readonly plan?: readonly number[];
  readonly tag?: readonly string[];
  readonly simRange?: string;
  readonly includePaused?: true;
  readonly stack?: readonly string[];
}

/** `pulumi-hologram declare`: a program on standard output, or a project in a folder. */
export function runDeclare(options: DeclareOptions): Promise<ExitCode> {
  return onAccount(async (connection, progress) => {
    const choice = readChoice(options);
    const stacks = await readStacks(options.stack ?? [], (line) => progress.info(line));
    const organizations = await openAll(connection, options.org, progress);
    const sections: OrganizationText[] = [];
    const { includePaused = false } = options;
    for (const organization of organizations) {
      sections.push(await sectionOf(organization, { stacks, choice, includePaused, report: progress }));
    }
    const groups = sections.flatMap((section) => section.groups);
    await checkChoice(choice, organizations, new Set(groups.map(({ plan }) => plan)));
    progress.clear();
    const text = programText(sections);
    if (options.out === undefined) process.stdout.write(text);
    else {
      await writeProject(options.out, text);
      progress.info(nextSteps(options.out));
    }
    return 0;
  });
}

/** As named, as configured, or every one that the key sees. */
async function openAll(
  connection: Connection,
  named: readonly number[] | undefined,
  report: Reporter,
): Promise<(OpenOrganization & { readonly name: string })[]> {
  const settings = connection.settings();
  const visible =
    settings.apiKey === undefined ? [] : await (await connection.hologram(settings, report)).organizations();
  const wanted = named ?? (settings.orgId === undefined ? visible.map(({ id }) => id) : [settings.orgId]);
  const open = await openEach(connection, wanted, report);
  return open.map((each) => ({ ...each, name: visible.find(({ id }) => id === each.orgId)?.name ?? "" }));
}

/** What is asked of every organization. */
interface Wanted {
  /** SIMs of these are declared already. */
  readonly stacks: readonly StackRecord[];
  readonly choice: Choice;
  readonly includePaused: boolean;
  readonly report: Reporter;
}

async function sectionOf(
  organization: OpenOrganization & { readonly name: string },
  { stacks, choice, includePaused, report }: Wanted,
): Promise<OrganizationText> {
  const { account, orgId: id, name } = organization;
  const found = await readActiveSims(organization, stacks, choice, report);
  const isLeftOut = ({ standing }: ActiveSim): boolean => standing === "pausedByUser" && !includePaused;
  const [paused, sims] = [found.sims.filter(isLeftOut), found.sims.filter((sim) => !isLeftOut(sim))];
  const groups = groupSims({ ...found, sims }, await account.plans());
  const prices = new PriceList(account);
  const costs = await Promise.all(
    groups.map(async (group) => {
      const price = await prices.of(group.plan, group.zone);
      return [group, price && monthlyCost(price, 1)] as const;
    }),
  );
  const costOf = new Map(costs);
  return {
    organization: { id, name },
    groups,
    costOf: (group) => costOf.get(group),
    paused: runsOf(
      paused.map(({ iccid }) => iccid),
      found.listed,
    ),
    withoutPlan: found.withoutPlan,
    severalProfiles: sims.filter(({ profiles }) => profiles > 1).length,
  };
}
