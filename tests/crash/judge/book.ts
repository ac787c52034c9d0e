/**
 * Every claim of every process: nobody is charged twice, and a claim that may still be landing is not sent again.
 * A machine is a journal: what one process of it has sent, every other knows.
 */
import type { Emulator } from "../../../provider/testing/emulator";
import { namesOf, ORG } from "../story/cards";
import { type BookOptions, type Command, changeIn, declares, isDoubtful } from "./command";
import { PlanBook } from "./planBook";

/** A claim that has left. */
interface Claim {
  readonly n: number;
  readonly at: number;
  readonly status: number;
  readonly iccids: readonly string[];
  readonly command: Command;
  /** Number of the command, from 0. */
  readonly order: number;
}

export class PurchaseBook {
  /** Sentences. */
  readonly violations: string[] = [];
  /** Claims that landed only after somebody had bought again who could not know of them. */
  landedLate = 0;
  readonly doubleClaims = new Set<string>();
  readonly doubleCharges = new Set<string>();
  private readonly claims: Claim[] = [];
  private readonly plans: PlanBook;
  private commands = 0;

  constructor(
    private readonly emulator: Emulator,
    private readonly options: BookOptions,
  ) {
    this.plans = new PlanBook(emulator, options);
  }

  look(command: Command): void {
    this.plans.look(command);
    const order = this.commands++;
    for (const seen of command.requests.update) {
      const change = changeIn(seen, command.began.sims);
      if (change?.kind !== "claim") continue;
      const { n, at, status } = seen;
      this.claims.push({ n, at, status, iccids: change.iccids, command, order });
    }
    for (const { name, op, end } of command.steps) {
      if (op === "delete" && end === "done" && !command.after.has(name)) this.judgeDelete(name, command);
    }
  }

  /** What may still be landing would be billed and on no record, once its fleet is gone and nobody declares it. */
  private judgeDelete(name: string, command: Command): void {
    const { settleSeconds, onTheWay = 0 } = this.options;
    const landed = this.landings();
    const eidOf = (iccid: string): string | undefined => command.began.sims.get(iccid)?.eid;
    const declaring = [...command.program.values()].map((inputs) => declares(inputs, eidOf));
    const open = this.claims.filter(
      (claim) =>
        isDoubtful(claim) &&
        claim.command !== command &&
        !claim.command.died &&
        claim.command.stack === command.stack &&
        claim.at + settleSeconds * 1_000 - onTheWay > command.to,
    );
    const iccids = open.flatMap((claim) => {
      const isMeant = declares(claim.command.checked.get(name) ?? {}, eidOf);
      return claim.iccids.filter(
        (iccid) =>
          isMeant(iccid) &&
          !landed.has(iccid) &&
          isCard(command, iccid) &&
          !declaring.some((each) => each(iccid)),
      );
    });
    if (iccids.length > 0)
      this.violations.push(`${name} deleted while a claim may still be landing: ${namesOf(new Set(iccids))}`);
  }

  /** Whether a claim of the SIM may still be landing. */
  isOpen(iccid: string): boolean {
    const landed = this.landings().get(iccid);
    return this.claims.some(
      (claim) => claim.iccids.includes(iccid) && isDoubtful(claim) && landed?.get(claim.n) === undefined,
    );
  }

  /** Call it when everything has landed that ever will. */
  judge(): void {
    const landed = this.landings();
    const before = new Map<string, Claim[]>();
    const late = new Set<string>();
    const doubted = new Map<number, Claim[]>();
    for (const claim of this.claims) {
      const [again, known] = [new Set<string>(), new Set<string>()];
      for (const iccid of claim.iccids) {
        for (const earlier of before.get(iccid) ?? []) {
          const at = landed.get(iccid)?.get(earlier.n);
          const verdict = this.compare(earlier, claim, at);
          if (verdict === "known" && !isOutOfSight(claim, iccid)) known.add(iccid);
          if (verdict === "doubtful") again.add(iccid);
          if (verdict === "unseen" && at !== undefined) late.add(`${iccid} ${earlier.n}`);
        }
        before.set(iccid, [...(before.get(iccid) ?? []), claim]);
      }
      this.say("claimed though they had been claimed before", known, claim);
      this.say("claimed again while the first claim was in doubt", again, claim);
      const inDoubt = (doubted.get(claim.order) ?? []).some((each) =>
        each.iccids.some((iccid) => (landed.get(iccid)?.get(each.n) ?? Number.POSITIVE_INFINITY) > claim.at),
      );
      if (inDoubt)
        this.say("claimed after a claim of the same run was in doubt", new Set(claim.iccids), claim);
      if (isDoubtful(claim)) doubted.set(claim.order, [...(doubted.get(claim.order) ?? []), claim]);
    }
    this.landedLate = late.size;
    this.judgeCharges(landed, late);
    this.violations.push(...this.plans.violations());
  }

  /** What the sender of the second claim could know of the first. `landed`: when that was carried out, if it was. */
  private compare(
    first: Claim,
    second: Claim,
    landed: number | undefined,
  ): "fine" | "known" | "doubtful" | "unseen" {
    if (landed !== undefined && landed < second.command.from) return "known";
    if (!isDoubtful(first)) return landed === undefined || first.order === second.order ? "fine" : "known";
    const { settleSeconds, onTheWay = 0 } = this.options;
    const isOver = second.at >= first.at + settleSeconds * 1_000 - onTheWay;
    if (isOver) return landed === undefined ? "fine" : "unseen";
    return first.command.machine === second.command.machine || this.isOnRecord(first, second)
      ? "doubtful"
      : "unseen";
  }

  /** On another machine only the record tells of the doubt: that of a command which came back, if its fleet is declared still. */
  private isOnRecord(first: Claim, second: Claim): boolean {
    if (first.command.died || first.command.stack !== second.command.stack) return false;
    const names = first.command.steps.filter(({ end }) => end === "partly").map(({ name }) => name);
    const { before, program } = second.command;
    return names.some((name) => before.has(name) && program.has(name) && !isMadeAnew(second.command, name));
  }

  private judgeCharges(
    landed: ReadonlyMap<string, ReadonlyMap<number, number>>,
    late: ReadonlySet<string>,
  ): void {
    const twice = new Set<string>();
    for (const [iccid, requests] of landed) {
      const excused = [...requests.keys()].filter((n) => late.has(`${iccid} ${n}`)).length;
      const byClaims = [...requests.keys()].filter((n) => n > 0);
      if (byClaims.length - excused > 1) twice.add(iccid);
      const byHand = requests.get(0);
      // Who is bought by hand while the command that claims it is at work is nobody's fault.
      const blind = this.claims.some(
        (claim) =>
          byHand !== undefined &&
          requests.has(claim.n) &&
          byHand >= claim.command.from &&
          byHand <= claim.command.to,
      );
      const first = Math.min(...byClaims.map((n) => requests.get(n) ?? 0));
      if (byHand !== undefined && byClaims.length > 0 && !blind && byHand < first) twice.add(iccid);
    }
    for (const iccid of twice) this.doubleCharges.add(iccid);
    if (twice.size > 0) this.violations.push(`charged twice: ${namesOf(twice)}`);
  }

  /** When which request was carried out, by SIM; 0 stands for what was done by hand. */
  private landings(): Map<string, Map<number, number>> {
    const landed = new Map<string, Map<number, number>>();
    for (const { iccid, kind, request, at } of this.emulator.ledger) {
      if (kind !== "activation") continue;
      const ofSim = landed.get(iccid) ?? new Map<number, number>();
      landed.set(iccid, ofSim.set(request, at));
    }
    return landed;
  }

  private say(what: string, iccids: ReadonlySet<string>, { n }: Claim): void {
    if (iccids.size === 0) return;
    for (const iccid of iccids) this.doubleClaims.add(iccid);
    this.violations.push(`${what}: ${namesOf(iccids)} (request ${n})`);
  }
}

function isCard({ began }: Command, iccid: string): boolean {
  return began.sims.has(iccid);
}

/**
 * It was moved out of the key's sight, and no record but that of a fleet that is made anew says that it was bought:
 * Hologram refuses it, and nobody can know before.
 */
function isOutOfSight({ command }: Claim, iccid: string): boolean {
  if (command.began.sims.get(iccid)?.orgId === ORG) return false;
  return [...command.before].every(
    ([name, { iccids, lost }]) => isMadeAnew(command, name) || ![...iccids, ...lost].includes(iccid),
  );
}

/** A create knows nothing of the former half of a replace, which may still wait to be deleted. */
function isMadeAnew({ steps }: Command, name: string): boolean {
  return steps.some(({ name: own, op }) => own === name && (op === "replace" || op === "create"));
}
