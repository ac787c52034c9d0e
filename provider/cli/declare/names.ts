import { type FleetSelection, firstOf, type Group } from "./simGroups";

/** A group of an organization, for naming. */
export interface NamedGroup {
  readonly organization: string;
  readonly group: Group;
}

/**
 * Names for the fleets of all groups, in their order; every name once. A name begins with what people called the SIMs,
 * their tag, else with their plan, and goes on with as much as it takes to tell groups apart. Of several fleets of a
 * group a range ends with the last digits of its first ICCID, as Hologram names devices: a fleet that comes later
 * renames no other.
 */
export function nameFleets(groups: readonly NamedGroup[]): readonly (readonly string[])[] {
  const taken = new Set<string>();
  return baseNames(groups).map((base, place) => {
    const selections = groups[place]?.group.selections ?? [];
    return selections.map((selection) => {
      const wanted = selections.length === 1 ? base : `${base}-${endingOf(selection)}`;
      const name = unused(wanted, taken);
      taken.add(name);
      return name;
    });
  });
}

/** Each group by its first part; where that is not enough, by one part more, as far as the parts differ. */
function baseNames(groups: readonly NamedGroup[]): string[] {
  const parts = groups.map(partsOf);
  return parts.map((own) => {
    const name: string[] = [];
    let alike = parts;
    for (const [place, part] of own.entries()) {
      const tellsApart = alike.some((other) => other[place] !== part);
      if (place === 0 || (tellsApart && part !== "")) name.push(part);
      if (place === 0 || tellsApart) alike = alike.filter((other) => other[place] === part);
    }
    return name.join("-");
  });
}

function partsOf({ organization, group }: NamedGroup): string[] {
  const plan = slug(group.planName ?? "") || `plan-${group.plan}`;
  const tags = group.tags.map(({ name }) => slug(name)).filter((name) => name !== "");
  const { overageLimit, threshold, smsLimit } = group.limits;
  const limits = [
    ...(overageLimit === undefined ? [] : [megabytes(overageLimit)]),
    ...(threshold === undefined ? [] : [`alert-${megabytes(threshold)}`]),
    ...(smsLimit === undefined ? [] : [`${smsLimit}-sms`]),
  ];
  const [first, ...others] = tags.length > 0 ? [tags.join("-"), plan] : [plan, ""];
  return [first ?? plan, ...others, `${group.plan}`, slug(group.zone), slug(organization), limits.join("-")];
}

function endingOf(selection: FleetSelection): string {
  return selection.form === "list" ? "others" : firstOf(selection).slice(-6);
}

function unused(wanted: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!taken.has(name)) return name;
  }
}

/** Lower case, words joined by hyphens; letters of every script stay, as Pulumi takes them. */
export function slug(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
}

/** A megabyte is 1,000,000 bytes in Hologram's accounting. */
function megabytes(bytes: number): string {
  return bytes % 1_000_000 === 0 ? `${bytes / 1_000_000}mb` : `${bytes}b`;
}
