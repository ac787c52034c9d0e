import type { OpenOrganization } from "../../account/organizations";
import { nameSome } from "../../fleet/model/fleetErrors";
import { parseRange, type Range } from "../../fleet/numbers/range";
import { readSimRange } from "../account/simOptions";
import { CommandError } from "../command";

/** Which SIMs are wanted. What is absent does not choose. */
export interface Choice {
  readonly plans: readonly number[] | undefined;
  /** Names or ids. */
  readonly tags: readonly string[] | undefined;
  readonly range: Range | undefined;
}

/** The choice that the command line makes. */
export function readChoice(options: {
  readonly plan?: readonly number[];
  readonly tag?: readonly string[];
  readonly simRange?: string;
}): Choice {
  const { plan: plans, tag: tags, simRange } = options;
  return { plans, tags, range: simRange === undefined ? undefined : parseRange(readSimRange(simRange)) };
}

/**
 * A plan or tag that none of the organizations has is a `CommandError` that names those there are: "no SIM" would be an
 * answer to another question. Hologram lists the plans that may be chosen; those `inUse` are there too.
 */
export async function checkChoice(
  { plans = [], tags = [] }: Choice,
  organizations: readonly OpenOrganization[],
  inUse: ReadonlySet<number>,
): Promise<void> {
  if (plans.length > 0) {
    const there = await Promise.all(organizations.map(({ account }) => account.plans()));
    const unknown = plans.find(
      (wanted) => !inUse.has(wanted) && !there.flat().some(({ id }) => id === wanted),
    );
    if (unknown !== undefined) throw notThere("plan", `${unknown}`, there.flat(), organizations);
  }
  if (tags.length > 0) {
    const there = await Promise.all(organizations.map(({ client, orgId }) => client.tags(orgId)));
    const unknown = tags.find((wanted) => !there.flat().some((tag) => isCalled(tag, wanted)));
    if (unknown !== undefined) throw notThere("tag", unknown, there.flat(), organizations);
  }
}

/** Whether a tag is the one that was named, by its name or id. */
export function isCalled({ id, name }: Named, wanted: string): boolean {
  return name === wanted || `${id}` === wanted;
}

interface Named {
  readonly id: number;
  readonly name: string;
}

function notThere(
  kind: "plan" | "tag",
  wanted: string,
  there: readonly Named[],
  organizations: readonly OpenOrganization[],
): CommandError {
  const ids = organizations.map(({ orgId }) => orgId).join(", ");
  const names = [...new Set(there.map(({ id, name }) => `${id} (${name})`))];
  return new CommandError(
    `--${kind}: organization ${ids} has no ${kind} ${wanted}. The ${kind}s are ${nameSome(names, MOST_NAMED) || "none"}.`,
  );
}

/** An organization has few plans and tags, and one of them is wanted. */
const MOST_NAMED = 50;
