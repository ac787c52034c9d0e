import { createHash } from "node:crypto";
import { type SettingName, settingNames } from "./settingNames";

/**
 * The settings that a program finds in its environment: the name of each variable, and a short digest of its value, never
 * the value itself. A program that loads a `.env` file, or one that the Automation API runs, sees others than the provider
 * process, which has the environment of the `pulumi` command.
 */
export type ProgramSettings = Readonly<Record<string, string>>;

/** Variables that are set to nothing count as not set, as everywhere. */
export function settingsIn(environment: NodeJS.ProcessEnv): ProgramSettings {
  const found = Object.values(variables).map((name) => [name, environment[name]?.trim()] as const);
  return Object.fromEntries(found.flatMap(([name, value]) => (value ? [[name, digestOf(value)]] : [])));
}

/** Where a program and the provider process see different settings. */
export interface SettingsAtOdds {
  /** Reasons to send nothing: a cap that the program set would not hold. */
  readonly errors: readonly string[];
  /** Worth a warning. */
  readonly warnings: readonly string[];
}

/**
 * Compares what the program sees with the environment here. Of settings that an explicit `Provider` makes
 * (`isExplicit`) the environment has no say on either side.
 */
export function compareSettings(
  program: ProgramSettings,
  environment: NodeJS.ProcessEnv,
  isExplicit: (name: Setting) => boolean,
): SettingsAtOdds {
  const here = settingsIn(environment);
  const errors: string[] = [];
  const warnings: string[] = [];
  for (const name of names()) {
    const variable = variables[name];
    const [theirs, ours] = [program[variable], here[variable]];
    if (theirs === ours || isExplicit(name)) continue;
    if (theirs === undefined) {
      if (READ_BY_LOOK_UPS.has(name)) warnings.push(unseenByProgram(variable));
      continue;
    }
    const seen = ours === undefined ? "does not see it" : "sees another value";
    if (CAPS.has(name)) errors.push(`${fromProgram(variable, seen)}. ${remedy(name)} Nothing was sent.`);
    else warnings.push(`${fromProgram(variable, seen)}, so fleets do not use it. ${remedy(name)}`);
  }
  return { errors, warnings };
}

/** What may be spent in one run. The cap on deactivations is no such: without it, none is allowed. */
const CAPS: ReadonlySet<Setting> = new Set(["maxActivations", "maxDueNow"]);

const READ_BY_LOOK_UPS: ReadonlySet<Setting> = new Set(["apiKey", "baseUrl", "orgId"]);

function fromProgram(variable: string, seen: string): string {
  return `${variable} is set in the program's own environment (by a .env file, or process.env), and Pulumi's provider process ${seen}`;
}

function unseenByProgram(variable: string): string {
  return (
    `${variable} is set for the pulumi command, and the program sees another value or none: look-ups such as getSims ` +
    "use other settings than fleets. Set it in the environment of the program too (the Automation API's envVars do not reach it)"
  );
}

function remedy(name: Setting): string {
  if (name === "journal") return "Set it in the environment of the pulumi command.";
  const secret = name === "apiKey" ? "--secret hologram:apiKey" : `hologram:${name} …`;
  return `Set it in the environment of the pulumi command, or run \`pulumi config set ${secret}\`.`;
}

/** The folder of the journal has a variable, and no configuration key. */
const variables = { ...settingNames, journal: "HOLOGRAM_JOURNAL" } as const;

type Setting = SettingName | keyof typeof variables;

function names(): Setting[] {
  return Object.keys(variables).filter((name): name is Setting => name in variables);
}

/** Enough to tell two values apart, and too little to find a key by. */
function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("hex").slice(0, 8);
}
