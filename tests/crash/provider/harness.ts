import type { Settings } from "../../../provider/account/settings";
import { Session } from "../../../provider/dynamic/host/session";
import { PartialFailure, shortened } from "../../../provider/dynamic/wire/partialFailure";
import { readState } from "../../../provider/dynamic/wire/state";
import type { Account, Reporter } from "../../../provider/fleet/model/account";
import { type Behaviour, type Emulator, startEmulator } from "../../../provider/testing/emulator";
import { Timeline } from "../../harness/provider/providerClock";
import { FleetHarness, methodsOf, type Provider, type RowLog } from "../../harness/provider/providerHarness";
import { ELSEWHERE, ORG } from "./cards";
import { SLOW } from "./faults";
import { type Death, Died, Life, mortalAccount, mortalClock } from "./life";
import { type Operation, within } from "./operations";
import { PurchaseBook } from "./purchaseBook";

let keys = 0;

/** A harness whose provider processes can die, and that knows what they claimed. */
export class MortalHarness extends FleetHarness {
  readonly book: PurchaseBook;
  /** Of the next provider process. */
  death: Death | undefined;
  /** How much too large for their report failures are that end part-way: 0 is not. */
  crowded = 0;
  /** What the records hold that left their lists out, by resource. */
  readonly hidden = new Map<string, ReadonlySet<string>>();
  processes = 0;
  crashes = 0;

  static async begin(behaviour: Partial<Behaviour>, log: RowLog): Promise<MortalHarness> {
    const timeline = new Timeline();
    const { now, sleep } = timeline.emulator;
    const clock = { now, sleep: (wait: number) => (wait === SLOW ? timeline.advance(wait) : sleep(wait)) };
    const emulator = await startEmulator({ clock, behaviour: { ...behaviour, alreadyActive: "charge" } });
    return new MortalHarness(emulator, log, timeline);
  }

  protected constructor(emulator: Emulator, log: RowLog, timeline: Timeline) {
    super(emulator, log, timeline);
    this.book = new PurchaseBook(
      emulator,
      () => this.timeline.now,
      (name) => this.find(name),
    );
  }

  /** No record has left its lists out. */
  get recordsAreListed(): boolean {
    return this.resources.every(({ outputs }) => readState(outputs)?.held.kind === "listed");
  }

  /** Every record tells its SIMs, or where to look for them: packed, or as a range. */
  get recordsTellNumbers(): boolean {
    const held = this.resources.map(({ outputs }) => readState(outputs)?.held);
    return held.every((each) => each?.kind === "listed" || each?.former !== undefined);
  }

  protected override startProcess(): Provider {
    const number = ++this.processes;
    // A port is used again by a later run, and what this process learned about an account goes by address and key.
    const key = `crash-key-${++keys}`;
    this.emulator.addKey({ key, role: "admin", orgIds: [ORG, ELSEWHERE] });
    // Nothing that a dead process still has in its hands may do anything any more.
    const life = new Life(this.death, () => {
      this.crashes++;
      this.emulator.addKey({ key, role: "viewer", orgIds: [] });
    });
    const environment = { ...this.environment, HOLOGRAM_API_KEY: key };
    let instances = 0;
    const newInstance = (): string => `instance-${number}-${++instances}`;
    const session = new MortalSession(environment, mortalClock(this.timeline.provider, life), newInstance);
    session.equip = (account) => mortalAccount(this.book.watch(account), life);
    return this.watched(methodsOf(session), life, number);
  }

  /** Every call of the engine: whose it is, whether it comes back, and what of it reaches the engine. */
  private watched(provider: Provider, life: Life, process: number): Provider {
    const call = async <T>(
      method: Operation["method"],
      props: unknown,
      work: () => Promise<T>,
    ): Promise<T> => {
      if (life.isOver) throw new Died();
      const ledger = this.emulator.ledger.length;
      const operation = {
        process,
        method,
        resource: resourceOf(props),
        ledger,
        returned: false,
      };
      const dies = (): boolean => life.endsAt("return", "before") || life.endsAt("return", "after");
      try {
        const answer = await Promise.race([within(operation, work), life.died]);
        if (dies()) throw new Died();
        operation.returned = true;
        return answer;
      } catch (error) {
        if (life.isOver || dies()) throw new Died();
        operation.returned = true;
        throw error instanceof PartialFailure ? this.asReported(error, operation.resource) : error;
      }
    };
    return {
      configure: provider.configure,
      check: (olds, news) => call("check", news, () => provider.check(olds, news)),
      diff: (id, olds, news) => call("diff", news, () => provider.diff(id, olds, news)),
      create: (props) => call("create", props, () => provider.create(props)),
      read: (id, props) => call("read", props, () => provider.read(id, props)),
      update: (id, olds, news) => call("update", news, () => provider.update(id, olds, news)),
      delete: (id, props) => call("delete", props, () => provider.delete(id, props)),
    };
  }

  /** As `partialFailure` does where the lists do not fit. */
  private asReported({ id, properties, reasons }: PartialFailure, resource: string): PartialFailure {
    const held = readState(properties)?.held;
    if (held?.kind === "listed") this.hidden.set(resource, new Set(held.sims.map((sim) => sim.iccid)));
    // Only more than a hundred lost SIMs would not fit.
    const shorter = [properties, ...shortened(properties).slice(0, -1)];
    return new PartialFailure(id, shorter[this.crowded] ?? shorter.at(-1) ?? properties, reasons);
  }
}

/** The provider's session, except that its accounts are equipped. */
class MortalSession extends Session {
  equip: (account: Account) => Account = (account) => account;

  override async account(settings: Settings, orgId: number, report: Reporter): Promise<Account> {
    return this.equip(await super.account(settings, orgId, report));
  }
}

function resourceOf(props: unknown): string {
  const urn = typeof props === "object" && props !== null && "__urn" in props ? props.__urn : undefined;
  if (typeof urn !== "string") throw new Error("the properties of a resource tell its URN");
  return urn.slice(urn.lastIndexOf("::") + 2);
}
