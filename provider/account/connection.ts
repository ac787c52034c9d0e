import type { Account, Reporter } from "../fleet/model/account";
import { FleetError } from "../fleet/model/fleetErrors";
import type { Hologram, Wait } from "../hologram/index";
import type { Organization } from "../hologram/model";
import { type Clock, systemClock } from "../util/clock";
import { accountOf } from "./hologramAccount";
import { compareSettings, type ProgramSettings, type SettingsAtOdds } from "./programSettings";
import { withoutKeys } from "./redaction";
import { EXPLICIT } from "./settingNames";
import { type ConfigReader, readSettings, type Settings } from "./settings";

/**
 * The way from settings to an account: used by the provider process, by look-ups and by the command line. Settings are
 * read anew for every operation; the client is loaded with the first request, because most operations send none.
 */
export class Connection {
  #config: ConfigReader = () => undefined;
  readonly #warned = new Set<string>();
  readonly #organizations = new Map<string, Promise<readonly Organization[]>>();

  constructor(
    protected readonly environment: NodeJS.ProcessEnv = process.env,
    readonly clock: Clock = systemClock,
  ) {}

  /**
   * Only stores, at once: other calls do not wait for `configure`, and after an error of it they run unconfigured
   * (@pulumi/pulumi, `cmd/dynamic-provider`: the provider is cached before `configure` has ended).
   */
  configure(config: ConfigReader): void {
    this.#config = config;
  }

  settings(): Settings {
    return readSettings(this.#config, this.environment);
  }

  /** Where the program, by what its resource passed, sees other settings than this process does. */
  settingsAtOdds(program: ProgramSettings): SettingsAtOdds {
    const isExplicit = this.#config(EXPLICIT) !== undefined;
    return compareSettings(
      program,
      this.environment,
      (name) => isExplicit && this.#config(`hologram:${name}`) !== undefined,
    );
  }

  /** Warns of what concerns the whole process, by whichever of its operations meets it first. */
  warnOnce(warning: string, report: Reporter): void {
    if (this.#warned.has(warning)) return;
    this.#warned.add(warning);
    report.warn(warning);
  }

  /** Takes the API key out of a text, whatever the settings are. */
  redact(text: string): string {
    return withoutKeys(text, this.environment, this.#config);
  }

  /** The client of the configured account. */
  async hologram(settings: Settings, report: Reporter): Promise<Hologram> {
    const { apiKey, baseUrl } = settings;
    if (apiKey === undefined) throw new FleetError(NO_API_KEY);
    const { Hologram } = await import("../hologram/client.js");
    const { clock } = this;
    const onWait = ({ seconds, what }: Wait): void => report.progress(`${what}, next try in ${seconds} s`);
    const keyAdvice = adviceOnKey(settings);
    const onSkip = (sentence: string): void => this.warnOnce(sentence, report);
    const beforeWrite = (): Promise<void> => this.beforeWrite();
    return new Hologram({ apiKey, baseUrl, clock, onWait, onSkip, keyAdvice, beforeWrite });
  }

  /**
   * One organization's account. A key that does not see the organization is an error before anything else is asked:
   * its SIMs would look as if they were all gone.
   */
  async account(settings: Settings, orgId: number, report: Reporter): Promise<Account> {
    const hologram = await this.hologram(settings, report);
    const visible = await this.#organizationsOf(settings, hologram);
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
    const visible = await this.#organizationsOf(settings, await this.hologram(settings, report));
    const [only] = visible;
    if (only !== undefined && visible.length === 1) return only.id;
    throw new FleetError(
      visible.length === 0
        ? "orgId: the API key sees no organization"
        : `orgId: the API key sees several organizations, name one of ${listOrganizations(visible)}`,
    );
  }

  /** Waits, or never returns, before a request that changes the account. */
  protected async beforeWrite(): Promise<void> {}

  #organizationsOf(settings: Settings, hologram: Hologram): Promise<readonly Organization[]> {
    const account = `${settings.baseUrl} ${settings.apiKey}`;
    const known = this.#organizations.get(account) ?? hologram.organizations();
    this.#organizations.set(account, known);
    known.catch(() => this.#organizations.delete(account));
    return known;
  }
}

const NO_API_KEY =
  "no API key: set HOLOGRAM_API_KEY in the environment, or run `pulumi config set --secret hologram:apiKey`";

/**
 * What a refused key's error adds: the engine hands refresh and destroy the configuration that the last `up` recorded, so
 * that a key set since changes nothing for them (seen on Pulumi 3.255).
 */
function adviceOnKey({ sources }: Settings): string {
  switch (sources.apiKey) {
    case "stack":
      return (
        "The key is that of the stack's configuration. Refresh and destroy use the one that the last `pulumi up` recorded, " +
        "whatever `pulumi config set` has said since: set HOLOGRAM_API_KEY for them, or run `pulumi up` first."
      );
    case "provider":
      return (
        "The key is that of an explicit Provider. Refresh and destroy use the one that the last `pulumi up` recorded: " +
        "put the new key into the program and run `pulumi up` first."
      );
    default:
      return "";
  }
}

function listOrganizations(organizations: readonly Organization[]): string {
  return organizations.map(({ id, name }) => `${id} (${name})`).join(", ") || "none";
}
