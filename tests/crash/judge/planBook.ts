/** Every change of plan: one that may still be landing is not sent again, because it may be charged each time. */
import type { Emulator } from "../../../provider/testing/emulator";
import { namesOf } from "../story/cards";
import { type BookOptions, type Change, type Command, changeIn, isDoubtful } from "./command";

interface Sent extends Change {
  readonly command: Command;
}

export class PlanBook {
  private readonly sent: Sent[] = [];

  constructor(
    private readonly emulator: Emulator,
    private readonly options: BookOptions,
  ) {}

  look(command: Command): void {
    for (const seen of command.requests.update) {
      const change = changeIn(seen, command.began.sims, command.ended.sims);
      if (change?.kind === "changePlan") this.sent.push({ ...change, command });
    }
  }

  /** Sentences. */
  violations(): string[] {
    return this.sent.flatMap((second, i) => {
      const again = second.iccids.filter((iccid) =>
        this.sent
          .slice(0, i)
          .some((first) => first.iccids.includes(iccid) && this.isAgain(first, second, iccid)),
      );
      if (again.length === 0) return [];
      const what = `plan changed again while the first change was in doubt: ${namesOf(new Set(again))}`;
      return [`${what} (request ${second.seen.n})`];
    });
  }

  /** On another machine nobody can know of it, unless a record tells. */
  private isAgain(first: Sent, second: Sent, iccid: string): boolean {
    const { settleSeconds, onTheWay = 0 } = this.options;
    const isOver = second.seen.at >= first.seen.at + settleSeconds * 1_000 - onTheWay;
    const hasLanded = this.emulator.ledger.some(
      (charge) =>
        charge.kind === "planchange" &&
        charge.iccid === iccid &&
        charge.request === first.seen.n &&
        charge.at <= second.seen.at,
    );
    return (
      isDoubtful(first.seen) &&
      first.command.machine === second.command.machine &&
      first.plan === second.plan &&
      first.zone === second.zone &&
      !isOver &&
      !hasLanded
    );
  }
}
