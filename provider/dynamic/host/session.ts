import { Connection } from "../../account/connection";
import type { Settings } from "../../account/settings";
import type { Reporter } from "../../fleet/model/account";
import type { ClaimJournal } from "../../fleet/model/journal";
import type { RunContext } from "../../fleet/run/context";
import type { Program } from "../../fleet/run/declaredSims";
import type { ReplacedFleet } from "../../fleet/run/previewFleet";
import { cliProcess } from "../../journal/cliProcess";
import { commandOf, phaseOf } from "../../journal/commandNotes";
import { journalFolder } from "../../journal/folder";
import type { Clock } from "../../util/clock";
import { CommandProgram } from "./commandProgram";
import { EngineWatch, engineAddress } from "./engineWatch";
import { hintsFor } from "./hints";

interface Checked {
  /** In the preview phase of a command, where what is told is to stay on the screen. */
  readonly isPreview: boolean;
  /** What would change: `diff` tells it, unless the fleet is replaced and so checked again, which tells it better. */
  readonly change: string | undefined;
  /** It looked at the account: then its preview tells what is open too. */
  readonly hasLooked: boolean;
  /** Why it could not tell all, as it stands on the row: `diff` must not write over it. */
  readonly doubt: readonly string[];
}

/** What one provider process knows across its operations. */
export class Session extends Connection {
  readonly engine = new EngineWatch();
  readonly program: CommandProgram;
  /** SIMs of former declarations that a replace releases, by URN: the second `check` of a replace has no old inputs. */
  readonly replaced = new Map<string, ReplacedFleet>();
  /** The same, where the account could not be read. */
  readonly replacedUnseen = new Set<string>();
  /** The organization of the former declaration, by URN, for the same reason. */
  readonly formerOrganizations = new Map<string, number>();
  /** By URN, what the newest `check` left for `diff`. */
  readonly checked = new Map<string, Checked>();
  readonly #stands = new Set<string>();
  readonly #folder: string;
  readonly #run: string;

  /** Ends this process: there is nobody left to work for. */
  readonly #leave: () => void;

  constructor(environment?: NodeJS.ProcessEnv, clock?: Clock, leave: () => void = () => process.exit(1)) {
    super(environment, clock);
    this.#leave = leave;
    const command = commandOf(this.environment);
    const address = engineAddress();
    this.#folder = journalFolder(this.environment);
    this.program = new CommandProgram(this.#folder, command, address, cliProcess()?.startedAtMs);
    // A process that belongs to no command is a run of its own.
    this.#run =
      command ?? `${address === undefined ? "process" : phaseOf(address)} ${process.pid} ${Date.now()}`;
  }

  /**
   * Everything that an operation which may write is given, on the account of an organization: the one given, or the only
   * one. The journal is opened here.
   */
  async context(givenOrgId: number | undefined, program: Program, report: Reporter): Promise<RunContext> {
    const settings = this.settings();
    const orgId = await this.resolveOrganization(settings, givenOrgId, report);
    const account = await this.account(settings, orgId, report);
    const { SqliteSpending } = await import("../../journal/spending.js");
    return {
      account,
      report,
      claimSettleSeconds: settings.claimSettleSeconds,
      journal: await this.journal(orgId, settings),
      spending: new SqliteSpending(this.#folder, this.#run, () => this.clock.now()),
      caps: settings,
      program,
      hints: hintsFor(settings),
    };
  }

  /**
   * What a preview would change, as a line that stays: a terminal shows the row's text only until the row is done, so that
   * it would be gone when Pulumi asks whether to go on. Once, because `--replace` checks twice.
   */
  tellPreview(urn: string, told: string, report: Reporter): void {
    const line = `${urn} ${told}`;
    if (!this.#stands.has(line)) report.info(told);
    this.#stands.add(line);
  }

  /** The claims that were sent to an organization from this machine. */
  async journal(orgId: number, { baseUrl, claimSettleSeconds }: Settings): Promise<ClaimJournal> {
    const { SqliteClaimJournal } = await import("../../journal/claimJournal.js");
    return new SqliteClaimJournal({
      folder: this.#folder,
      baseUrl,
      orgId,
      run: this.#run,
      claimSettleSeconds,
      clock: this.clock,
      isPipeline: Boolean(this.environment.CI),
    });
  }

  /** Nothing is changed for an engine that is gone: its next run may be at work already. */
  protected override async beforeWrite(): Promise<void> {
    if (!(await this.engine.isGone())) return;
    this.#leave();
    await new Promise(() => undefined);
  }
}
