/**
 * Judges commands by the promise that this package makes: nothing happens that no preview told. It knows what was told
 * and is not done yet, and which SIMs each fleet has come to have, and looks at every request that changes something.
 */
import { nameOf, namesOf } from "../story/cards";
import { type Approval, approvalOf, isVerified, type Told } from "./approval";
import {
  type AccountView,
  type Change,
  type Command,
  changeIn,
  declares,
  declaresAs,
  type Values,
} from "./command";

/** What is known of one fleet. */
interface Fleet {
  /** SIMs that it has come to hold, and has not released. */
  readonly owned: Set<string>;
  /** What was told earlier, and may still be unfinished. */
  open: Approval[];
}

/** What is known of a stack when a command of it is judged. */
interface Case {
  readonly command: Command;
  readonly fleets: Map<string, Fleet>;
  /** What this command told. */
  readonly told: ReadonlyMap<string, Approval>;
}

export class PromiseKeeper {
  /** Sentences. */
  readonly violations: string[] = [];
  private readonly stacks = new Map<number, Map<string, Fleet>>();

  /** `mostDeactivations`: in one command. */
  constructor(public mostDeactivations: number) {}

  look(command: Command): void {
    const { kind, stack, requests, began, told: atPreview } = command;
    const fleets = this.stacks.get(stack) ?? new Map<string, Fleet>();
    this.stacks.set(stack, fleets);
    const early = requests.preview.flatMap((seen) => changeIn(seen, atPreview.sims) ?? []);
    const changes = requests.update.flatMap((seen) => changeIn(seen, began.sims, command.ended.sims) ?? []);
    const isReading = kind === "refresh" || kind === "preview";
    for (const { seen } of isReading ? [...early, ...changes] : early) {
      this.violations.push(`a ${kind} that only reads sends ${seen.method} ${seen.path} (request ${seen.n})`);
    }
    const about: Case = { command, fleets, told: toldIn(command, fleets) };
    for (const change of changes) this.violations.push(...objections(change, about));
    this.judgeCount(changes);
    if (kind === "up") this.violations.push(...untoldAdoptions(about, changes));
    if (!isReading) remember(about, changes);
    for (const [name, { iccids }] of command.after) {
      for (const iccid of iccids) fleetOf(fleets, name).owned.add(iccid);
    }
  }

  private judgeCount(changes: readonly Change[]): void {
    const killed = new Set(changes.flatMap(({ kind, iccids }) => (kind === "deactivate" ? iccids : [])));
    if (killed.size <= this.mostDeactivations) return;
    this.violations.push(
      `${killed.size} SIMs deactivated in one run, at most ${this.mostDeactivations} are allowed`,
    );
  }
}

/** Limits are sent again where the plan changes, and to SIMs that have just been bought. */
const LIMITS: readonly Told[] = ["changeLimits", "changePlan", "activate"];

function toldIn(command: Command, fleets: Map<string, Fleet>): Map<string, Approval> {
  const approvals = [...command.checked].map(([name, checked]): [string, Approval] => {
    const shown = command.shown.get(name) ?? checked;
    // What was unknown in the preview may be known by now, and is no surprise.
    const [inputs, accounts] = wasUnknown(shown)
      ? [checked, [command.began]]
      : [shown, told(name, shown, command)];
    return [name, approvalOf(inputs, accounts, fleetOf(fleets, name).owned)];
  });
  return new Map(approvals);
}

/** Where the preview said that it could not name all SIMs, it counted them: cards that came since are as good as others. */
function told(name: string, shown: Values, { told: atPreview, toldInUpdate, began }: Command): AccountView[] {
  const afterCheck = toldInUpdate?.get(name);
  const accounts = afterCheck === undefined ? [atPreview] : [afterCheck, atPreview];
  return accounts.map((account) => {
    // Without a look it told numbers, at the price of that moment.
    if (!isVerified(shown)) return { ...account, sims: began.sims };
    return isCounted(shown) ? { ...account, sims: new Map([...began.sims, ...account.sims]) } : account;
  });
}

function wasUnknown({ preview }: Values): boolean {
  const told: Values = typeof preview === "object" && preview !== null ? { ...preview } : {};
  return String(told.unverified).startsWith("not known before the update");
}

function isCounted({ preview }: Values): boolean {
  return typeof preview === "object" && preview !== null && "unverified" in preview;
}

function isBlind({ body }: Change["seen"], { shown }: Command): boolean {
  return (
    typeof body === "object" && body !== null && "simrange" in body && [...shown.values()].some(isCounted)
  );
}

/** What is wrong with a change: sentences. */
function objections(change: Change, about: Case): string[] {
  const { kind, iccids, strangers, seen } = change;
  const isRelease = kind === "pause" || kind === "deactivate";
  const wrong = iccids.flatMap((iccid) => {
    const objection = isRelease
      ? objectToRelease(change, iccid, about)
      : objectToChange(change, iccid, about);
    return objection === undefined ? [] : [`${objection}: ${nameOf(iccid)} (request ${seen.n})`];
  });
  if (strangers.length === 0) return wrong;
  return [...wrong, `${kind} of devices that nobody knows: ${strangers.join(", ")} (request ${seen.n})`];
}

function objectToChange({ kind, plan, zone, seen }: Change, iccid: string, about: Case): string | undefined {
  const { command, fleets } = about;
  const declaring = [...command.checked].flatMap(([name, inputs]) =>
    meaningOf(inputs, command)(iccid) ? [name] : [],
  );
  const approvals = declaring.flatMap((name) => approvalsOf(name, about));
  switch (kind) {
    case "claim": {
      // A number that is on no card cannot be bought.
      if (!command.began.sims.has(iccid)) return undefined;
      const price = command.began.priceOf(plan, zone);
      const priced = approvals.filter((approval) => approval.isFor(plan, zone, price));
      if (priced.some((approval) => approval.allows("activate", iccid))) return undefined;
      // Of a range that the preview said it could not see, nobody can tell how many SIMs a request buys.
      if (isBlind(seen, command) && priced.some((each) => each.mentions("activate", iccid))) return undefined;
      if (declaring.length === 0) return "bought though no fleet declares it";
      const isPriced = priced.some((approval) => approval.mentions("activate", iccid));
      const wasTold = approvals.some((approval) => approval.mentions("activate", iccid));
      return wasTold && !isPriced
        ? "bought for another price or plan than was told"
        : "bought though no preview told it";
    }
    case "changeLimits":
      if (approvals.some((approval) => LIMITS.some((each) => approval.mentions(each, iccid))))
        return undefined;
      return `${kind} though no preview told it`;
    case "tag":
      if (declaring.length > 0 || [...fleets.values()].some(({ owned }) => owned.has(iccid)))
        return undefined;
      return "tagged though it is no fleet's";
    case "changePlan": {
      const price = command.began.priceOf(plan, zone);
      const priced = approvals.filter((approval) => approval.isFor(plan, zone, price));
      if (priced.some((approval) => approval.allows(kind, iccid))) return undefined;
      const wasTold = approvals.some((approval) => approval.mentions(kind, iccid));
      return `${kind} ${wasTold && priced.length === 0 ? "for another price or plan than was told" : "though no preview told it"}`;
    }
    case "resume":
      if (approvals.some((approval) => approval.allows(kind, iccid))) return undefined;
      return `${kind} though no preview told it`;
    default:
      return objectToRelease({ kind }, iccid, about);
  }
}

function objectToRelease({ kind }: Pick<Change, "kind">, iccid: string, about: Case): string | undefined {
  const { command, fleets } = about;
  const numbers = [...command.before.values()].flatMap((record) => record.others?.get(iccid) ?? []);
  const declaring = [...command.program].find(
    ([, inputs]) =>
      meaningOf(inputs, command)(iccid) && numbers.every((number) => declaresAs(inputs, number)),
  );
  if (declaring !== undefined) return `${kind} of a SIM that ${declaring[0]} declares`;
  const owners = [...fleets].filter(([, { owned }]) => owned.has(iccid)).map(([owner]) => owner);
  if (owners.length === 0) return `${kind} of a SIM of others`;
  const allowing = owners.filter((owner) => {
    const ofOwner = command.steps.filter(({ name }) => name === owner);
    const isReplaced = ofOwner.some(({ op, forced }) => op === "replace" && forced !== true);
    // The row of a delete is all that a preview can show of it.
    if (ofOwner.some(({ op }) => op === "delete") && !isReplaced) return true;
    return approvalsOf(owner, about).some((approval) => approval.allows("release", iccid));
  });
  if (allowing.length === 0) return `${kind} though no preview told it`;
  const recorded = allowing.flatMap((owner) => {
    const { onRelease, waiting = [] } = command.before.get(owner) ?? {};
    return [onRelease, ...waiting];
  });
  if (recorded.includes(kind)) return undefined;
  return `${kind} though the record says otherwise`;
}

/** SIMs that stand in a record since this command, and were neither bought nor taken over as told. */
function untoldAdoptions(about: Case, changes: readonly Change[]): string[] {
  const bought = new Set(changes.flatMap(({ kind, iccids }) => (kind === "claim" ? iccids : [])));
  return [...about.command.after].flatMap(([name, { iccids }]) => {
    const { owned } = fleetOf(about.fleets, name);
    const approvals = approvalsOf(name, about);
    const foreign = iccids.filter(
      (iccid) =>
        !owned.has(iccid) &&
        !bought.has(iccid) &&
        !approvals.some((each) => each.allows("adopt", iccid) || each.mentions("activate", iccid)),
    );
    return foreign.length === 0 ? [] : [`adopted by ${name} though no preview told it: ${namesOf(foreign)}`];
  });
}

/** Who owns what after the command, and what is still open. */
function remember(about: Case, changes: readonly Change[]): void {
  const { command, fleets, told } = about;
  const bought = changes.flatMap(({ kind, iccids }) => (kind === "claim" ? iccids : []));
  for (const { name, op, end } of command.steps) {
    if (end !== "done" && end !== "partly") continue;
    const fleet = fleetOf(fleets, name);
    if (op === "delete") {
      // A half of a replace that could not be deleted yet keeps what may still be landing.
      if (command.steps.some((each) => each.name === name && each.op === "delete" && each.end === "failed"))
        continue;
      const left = command.after.get(name)?.unfinished ?? [];
      for (const iccid of fleet.owned)
        if (!left.some((line) => line.startsWith(`${iccid}:`))) fleet.owned.delete(iccid);
      if (!command.after.has(name)) fleets.delete(name);
      continue;
    }
    const isMeant = meaningOf(command.checked.get(name) ?? {}, command);
    for (const iccid of bought.filter(isMeant)) fleet.owned.add(iccid);
    const approval = told.get(name);
    if (approval === undefined) continue;
    fleet.open = [...fleet.open, approval];
    // What a replace releases leaves with the delete of its former half.
    if (end === "partly" || op === "replace") continue;
    for (const iccid of approval.releases) fleet.owned.delete(iccid);
    const isOver = command.after.get(name)?.unfinished.length === 0;
    if (isOver) fleet.open = fleet.open.map((each) => each.onlyReleases());
  }
}

/** What was told of a fleet, earlier or now, and may be done. */
function approvalsOf(name: string, { fleets, told }: Case): Approval[] {
  const now = told.get(name);
  const { open } = fleetOf(fleets, name);
  return now === undefined ? open : [...open, now];
}

function fleetOf(fleets: Map<string, Fleet>, name: string): Fleet {
  const fleet = fleets.get(name) ?? { owned: new Set(), open: [] };
  fleets.set(name, fleet);
  return fleet;
}

function meaningOf(inputs: Values, { began }: Command): (iccid: string) => boolean {
  return declares(inputs, (iccid) => began.sims.get(iccid)?.eid);
}
