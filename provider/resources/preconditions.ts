import * as pulumi from "@pulumi/pulumi";
import { isLike, settingNames } from "../account/settingNames";
import { packageProblem } from "./programPackage";

/** How SIMs and tags that are there already come under Pulumi: what a refused `import` or `id` says. */
const ADOPTION =
  "dynamic resources cannot be imported, and there is no need to: declare what is there already, without `import` and " +
  "`id`, and `pulumi up` takes it over. The preview says how many are adopted";

/**
 * What certainly cannot work, found in the program, before the engine hears of the resource: each a sentence, and no
 * stack. Unit tests with Pulumi's mocks have neither a provider process nor state, and their
 * `setAllConfig` marks nothing as secret: there only the options are looked at.
 */
export function checkPreconditions(name: string, options: pulumi.CustomResourceOptions): void {
  if (options.import !== undefined || options.id !== undefined)
    throw new pulumi.RunError(`${name}: ${ADOPTION}.`);
  if (isMocked()) return;
  refusePlainKey();
  refuseMisspelledSettings();
  if (isRunByPulumi()) requirePackage();
}

/**
 * Stack configuration is part of state, in clear text unless it is secret. The provider process cannot tell the two
 * apart (it is handed both unwrapped), so the program does: a key in plain configuration is an error. Unit tests have no
 * state.
 */
export function refusePlainKey(): void {
  if (isMocked() || pulumi.runtime.getConfig(KEY) === undefined || isSecretSetting(KEY)) return;
  throw new pulumi.RunError(
    `${KEY} is in the stack's configuration in clear text, and would be so in state. Run ` +
      `\`pulumi config set --secret ${KEY}\` and enter the key again; better still, set HOLOGRAM_API_KEY.`,
  );
}

/**
 * A cap under another name caps nothing, and nobody would notice: what is a setting's name but for case, signs between
 * its words or a last "s" is refused. Other names of the same beginning may be the program's own.
 */
function refuseMisspelledSettings(): void {
  const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(NAMESPACE));
  for (const [name, variable] of Object.entries(settingNames)) {
    refuseLike(`${NAMESPACE}${name}`, keys);
    refuseLike(variable, Object.keys(process.env));
  }
}

function refuseLike(right: string, names: readonly string[]): void {
  if (names.includes(right)) return;
  const wrong = names.find((name) => isLike(name, right));
  if (wrong === undefined) return;
  throw new pulumi.RunError(`${wrong} is not a setting: write ${right}. Nothing was sent.`);
}

/** The SDK knows (`runtime.isConfigSecret`) and does not say so in its types. An SDK that does not know is believed. */
export function isSecretSetting(key: string): boolean {
  const tell: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  return typeof tell !== "function" || Boolean(tell(key));
}

const NAMESPACE = "hologram:";
const KEY = `${NAMESPACE}apiKey`;

/** Once for a run of the program: hundreds of fleets look for the same package. */
function requirePackage(): void {
  packageChecked ??= packageProblem(FOLDER) ?? "none";
  if (packageChecked === "none") return;
  if ("error" in packageChecked) throw new pulumi.RunError(packageChecked.error);
  void pulumi.log.warn(packageChecked.warning);
  packageChecked = "none";
}

let packageChecked: ReturnType<typeof packageProblem> | "none";

/** Before the program can change it; the provider process starts there too. */
const FOLDER = process.cwd();

function isMocked(): boolean {
  return pulumi.runtime.getMonitor()?.constructor.name === "MockMonitor";
}

/**
 * Run by the `pulumi` command, whose provider process has the program's folder. In an inline program of the Automation
 * API it has the workspace's `workDir`, which nothing tells here.
 */
function isRunByPulumi(): boolean {
  return /@pulumi[\\/]pulumi[\\/]cmd[\\/]run/.test(process.argv[1] ?? "");
}
