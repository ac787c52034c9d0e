import { randomUUID } from "node:crypto";
import { type ConfigReader, readSettings, type Settings } from "../../account/settings";
import { InFlight } from "../../fleet/apply/inFlight";
import type { Account, Reporter } from "../../fleet/model/account";
import { FleetError } from "../../fleet/model/errors";
import { money } from "../../fleet/model/money";
import type { Caps } from "../../fleet/run/bounds";
import type { Hologram, Wait } from "../../hologram/index";
import type { Organization } from "../../hologram/model";
import { Redactor } from "../../hologram/redact";
import { type Clock, systemClock } from "../../util/clock";
import { CheckedSelections } from "../sims/declaredSelections";
import { Doubts } from "../sims/doubts";
import { EngineWatch } from "./engineWatch";

/** What one provider process knows across its operations: its configuration, and what it has seen and spent. */
export class Session {
  readonly checked = new CheckedSelections();
  readonly doubts = new Doubts();
  readonly engine = new EngineWatch();
  readonly inFlight = new InFlight();
  /** What this process set out to do: caps hold for one run of one stack. */
  readonly spent = { activations: 0, dueNow: 0, deactivations: 0 };
  private config: ConfigReader = () => undefined;
  private readonly organizations = new Map<string, Promise<readonly Organization[]>>();

  constructor(
    private readonly environment: NodeJS.ProcessEnv = process.env,
    readonly clock: Clock = systemClock,
    readonly newInstance: () => string = randomUUID,
    /** Ends this process: there is nobody left to work for. */
    private readonly leave: () => void = () => process.exit(1),
  ) {}

  /** Only stores: `configure` may run while other calls are under way, and must not wait or fail (pulumi.md 5). */
  configure(config: ConfigReader): void {
    this.config = config;
  }

  settings(): Settings {
    return readSettings(this.config, this.environment);
  }

  /** Takes the API key out of a text, whatever the settings are. */
  redact = (text: string): string => {
    const keys = [this.environment.HOLOGRAM_API_KEY, this.config("hologram:apiKey")];
    return keys.reduce<string>((clean, key) => (key ? new Redactor(key).redact(clean) : clean), text);
  };

  caps(settings: Settings): Caps {
    const { maxActivations, maxDueNow } = settings;
    return {
      spent: this.spent,
      ...(maxActivations === undefined ? {} : { maxActivations }),
      ...(maxDueNow === undefined ? {} : { maxDueNow }),
    };
  }

  /** The client of the configured account. Loaded on first use: most operations of an unchanged stack send nothing. */
  async hologram(settings: Settings, report: Reporter): Promise<Hologram> {
    const { apiKey, baseUrl } = settings;
    if (apiKey === undefined) throw new FleetError(NO_API_KEY);
    const { Hologram } = await import("../../hologram/client.js");
    const { clock } = this;
    const onWait = ({ seconds, what }: Wait): void => report.progress(`${what}, next try in ${seconds} s`);
    return new Hologram({ apiKey, baseUrl, clock, onWait, beforeWrite: () => this.stayWithEngine() });
  }

  /** Nothing is changed for an engine that is gone: its next run may be at work already. */
  private async stayWithEngine(): Promise<void> {
    if (!(await this.engine.isGone())) return;
    this.leave();
    await new Promise(() => undefined);
  }

  /**
   * One organization's account. A key that does not see the organization is an error before anything else is asked:
   * its SIMs would look as if they were all gone.
   */
  async account(settings: Settings, orgId: number, report: Reporter): Promise<Account> {
    const hologram = await this.hologram(settings, report);
    const visible = await this.organizationsOf(settings, hologram);
    if (!visible.some((organization) => organization.id === orgId)) {
      throw new FleetError(
        `the API key does not see organization ${orgId}; it sees ${listOrganizations(visible)}. ` +
          "Nothing was read or changed. Use a key of a member of that organization.",
      );
    }
    return accountOf(hologram, orgId, this.clock);
  }

  /** The organization for a fleet that has none yet: as given, as configured, or the key's only one. */
  async resolveOrganization(
    settings: Settings,
    given: number | undefined,
    report: Reporter,
  ): Promise<number> {
    const named = given ?? settings.orgId;
    if (named !== undefined) return named;
    const visible = await this.organizationsOf(settings, await this.hologram(settings, report));
    const [only] = visible;
    if (only !== undefined && visible.length === 1) return only.id;
    throw new FleetError(
      visible.length === 0
        ? "orgId: the API key sees no organization"
        : `orgId: the API key sees several organizations, name one of ${listOrganizations(visible)}`,
    );
  }

  private organizationsOf(settings: Settings, hologram: Hologram): Promise<readonly Organization[]> {
    const account = `${settings.baseUrl} ${settings.apiKey}`;
    const known = this.organizations.get(account) ?? hologram.organizations();
    this.organizations.set(account, known);
    known.catch(() => this.organizations.delete(account));
    return known;
  }
}

export const NO_API_KEY =
  "no API key: set HOLOGRAM_API_KEY in the environment, or run `pulumi config set --secret hologram:apiKey`";

function listOrganizations(organizations: readonly Organization[]): string {
  return organizations.map(({ id, name }) => `${id} (${name})`).join(", ") || "none";
}

function accountOf(hologram: Hologram, orgId: number, clock: Clock): Account {
  return {
    orgId,
    clock,
    simsInRange: (first, last) => hologram.simsInRange(orgId, first, last),
    simsByIccid: (iccids, isFinal) => hologram.simsByIccid(orgId, iccids, isFinal),
    simsByDevice: (deviceIds) => hologram.simsByDevice(orgId, deviceIds),
    allSims: () => hologram.simsOf(orgId),
    plan: (planId) => hologram.plan(orgId, planId),
    plans: () => hologram.plans(orgId),
    pricing: (planId) => hologram.pricing(orgId, planId),
    balance: async () => {
      const balance = await hologram.balance(orgId);
      if (balance === undefined || balance.isPostpaid) return undefined;
      return money(balance.balance)
        .plus(money(balance.promoBalance ?? "0"))
        .toFixed(2);
    },
    previewClaim: (target) => hologram.previewClaim(orgId, target),
    claim: (request) => hologram.claim({ ...request, orgId }),
    setState: (deviceIds, command) => hologram.setState(orgId, deviceIds, command),
    changePlan: (deviceIds, to) => hologram.changePlan(orgId, deviceIds, to),
    setLimits: (deviceIds, limits) => hologram.setLimits(orgId, deviceIds, limits),
    linkTag: (tagId, deviceIds) => hologram.linkTag(orgId, tagId, deviceIds),
    unlinkTag: (tagId, deviceIds) => hologram.unlinkTag(orgId, tagId, deviceIds),
  };
}
