import { FleetError } from "../fleet/model/fleetErrors";
import { DEFAULT_BASE_URL, normalBaseUrl } from "../hologram/baseUrl";
import { EMPTY_KEY, EXPLICIT, type SettingName, settingNames, stackKey } from "./settingNames";

/** Settings of one operation. Read anew for each: the environment is never stored and always current. */
export interface Settings {
  readonly apiKey: string | undefined;
  readonly orgId: number | undefined;
  /** In the one spelling that everything kept for the account goes by. */
  readonly baseUrl: string;
  /** How long a claim without an answer may still be landing. */
  readonly claimSettleSeconds: number;
  readonly maxActivations: number | undefined;
  readonly maxDueNow: number | undefined;
  readonly maxDeactivations: number;
  /** Where each setting that is made comes from; what to do about it depends on that. */
  readonly sources: Readonly<Partial<Record<SettingName, SettingSource>>>;
}

const PRECEDENCE = ["provider", "environment", "stack"] as const;

type SettingSource = (typeof PRECEDENCE)[number];

/** How `configure` hands over values: an explicit provider's own arguments, or the stack's whole configuration. */
export type ConfigReader = (key: string) => string | undefined;

/**
 * An explicit `Provider` comes first, then the environment, then stack configuration. Throws a sentence when a value
 * cannot be read; the value itself is named where it is short, and never that of the key.
 */
export function readSettings(config: ConfigReader, environment: NodeJS.ProcessEnv): Settings {
  const explicit = config(EXPLICIT) !== undefined;
  if (explicit && config("hologram:apiKey")?.trim() === "")
    throw new FleetError(`${EMPTY_KEY}. Nothing was sent.`);
  const sources: Partial<Record<SettingName, SettingSource>> = {};
  const read = (name: SettingName): string | undefined => {
    const text = {
      provider: explicit ? config(`hologram:${name}`) : undefined,
      environment: environment[settingNames[name]],
      stack: config(explicit ? stackKey(name) : `hologram:${name}`),
    };
    const source = PRECEDENCE.find((each) => text[each]?.trim());
    if (source === undefined) return undefined;
    sources[name] = source;
    return text[source]?.trim();
  };
  const number = (
    name: SettingName,
    rule: (value: number) => boolean,
    wanted: string,
  ): number | undefined => {
    const text = read(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (rule(value)) return value;
    throw new FleetError(
      `hologram:${name} (${settingNames[name]}) is ${shown(text)}; it must be ${wanted}. Nothing was sent.`,
    );
  };
  const whole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  const amount = (value: number): boolean => Number.isFinite(value) && value >= 0;
  const settings = {
    apiKey: read("apiKey"),
    orgId: number("orgId", (value) => whole(value) && value > 0, "the id of an organization"),
    baseUrl: normalBaseUrl(read("baseUrl") ?? DEFAULT_BASE_URL),
    claimSettleSeconds: number("claimSettleSeconds", amount, "a number of seconds") ?? 600,
    maxActivations: number("maxActivations", whole, "a whole number of SIMs"),
    maxDueNow: number("maxDueNow", amount, "an amount in US dollars"),
    maxDeactivations: number("maxDeactivations", whole, "a whole number of SIMs") ?? 0,
  };
  return { ...settings, sources };
}

/** What to do to make a setting `value`, where it comes from now: the end of a sentence. */
export function howToSet({ sources }: Settings, name: SettingName, value: string | number): string {
  switch (sources[name]) {
    case "provider":
      return `set ${name}: ${value} in the arguments of the Provider`;
    case "environment":
      return `set ${settingNames[name]}=${value}`;
    default:
      return `run \`pulumi config set hologram:${name} ${value}\``;
  }
}

/** A value that is no number, as far as it can be shown: something long may be a key in the wrong place. */
function shown(text: string): string {
  return text.length > MOST_SHOWN ? `a text of ${text.length} characters` : JSON.stringify(text);
}

const MOST_SHOWN = 12;
