import { randomUUID } from "node:crypto";
import { Connection } from "../../account/connection";
import type { Settings } from "../../account/settings";
import { InFlight } from "../../fleet/apply/inFlight";
import type { Caps } from "../../fleet/run/bounds";
import type { Clock } from "../../util/clock";
import { CheckedSelections } from "../sims/declaredSelections";
import { Doubts } from "../sims/doubts";
import { EngineWatch } from "./engineWatch";

/** What one provider process knows across its operations: its configuration, and what it has seen and spent. */
export class Session extends Connection {
  readonly checked = new CheckedSelections();
  readonly doubts = new Doubts();
  readonly engine = new EngineWatch();
  readonly inFlight = new InFlight();
  /** What this process set out to do: caps hold for one run of one stack. */
  readonly spent = { activations: 0, dueNow: 0, deactivations: 0 };

  constructor(
    environment?: NodeJS.ProcessEnv,
    clock?: Clock,
    readonly newInstance: () => string = randomUUID,
    /** Ends this process: there is nobody left to work for. */
    private readonly leave: () => void = () => process.exit(1),
  ) {
    super(environment, clock);
  }

  caps(settings: Settings): Caps {
    const { maxActivations, maxDueNow } = settings;
    return {
      spent: this.spent,
      ...(maxActivations === undefined ? {} : { maxActivations }),
      ...(maxDueNow === undefined ? {} : { maxDueNow }),
    };
  }

  /** Nothing is changed for an engine that is gone: its next run may be at work already. */
  protected override async beforeWrite(): Promise<void> {
    if (!(await this.engine.isGone())) return;
    this.leave();
    await new Promise(() => undefined);
  }
}
