import { isLike, settingNames } from "../../account/settingNames";
import type { Settings } from "../../account/settings";
import { messageOf } from "../../fleet/model/fleetErrors";
import { checkBaseUrl, DEFAULT_BASE_URL, isLoopback } from "../../hologram/baseUrl";
import { proxyOf } from "../../hologram/connections";
import { bad, good, type Verdict, warning } from "./verdict";

/** Address, proxy, key and caps, as the environment has them. Sends nothing. */
export function judgeSettings(settings: Settings, environment: NodeJS.ProcessEnv): readonly Verdict[] {
  return [
    addressOf(settings),
    ...proxyVerdict(settings, environment),
    keyVerdict(settings),
    capsVerdict(settings),
    ...misspelledVerdicts(environment),
  ];
}

/** A cap under another name caps nothing; programs refuse it. */
function misspelledVerdicts(environment: NodeJS.ProcessEnv): readonly Verdict[] {
  const names = Object.keys(environment);
  return Object.values(settingNames).flatMap((right) => {
    const wrong = names.includes(right) ? undefined : names.find((name) => isLike(name, right));
    return wrong === undefined ? [] : [bad("settings", `${wrong} is not a setting`, `Write ${right}`)];
  });
}

function addressOf({ baseUrl }: Settings): Verdict {
  try {
    const address = new URL(checkBaseUrl(baseUrl));
    if (baseUrl === DEFAULT_BASE_URL) return good("address", address.href);
    const text = `${address.href}, from HOLOGRAM_BASE_URL`;
    return /\/api\/1$/.test(address.pathname)
      ? good("address", text)
      : warning(
          "address",
          `${text}, does not end in /api/1`,
          "Hologram's own is https://dashboard.hologram.io/api/1",
        );
  } catch (error) {
    return bad(
      "address",
      messageOf(error).replace(/\.$/, ""),
      "Unset HOLOGRAM_BASE_URL to use Hologram's own",
    );
  }
}

/** Only the host of a proxy is shown: its address may hold a password. */
function proxyVerdict({ baseUrl }: Settings, environment: NodeJS.ProcessEnv): readonly Verdict[] {
  const proxy = proxyOf(environment);
  const certificates = environment.NODE_EXTRA_CA_CERTS?.trim();
  const verdicts: Verdict[] = [];
  if (proxy !== undefined && URL.canParse(baseUrl)) {
    const { hostname } = new URL(baseUrl);
    const exempt = environment.no_proxy?.trim() || environment.NO_PROXY?.trim();
    verdicts.push(
      URL.canParse(proxy)
        ? good(
            "proxy",
            isLoopback(hostname)
              ? "not used: this machine is never reached through one"
              : named(proxy, exempt),
          )
        : bad("proxy", "HTTPS_PROXY is no address", "Write it as http://proxy.example:3128"),
    );
  }
  if (certificates) verdicts.push(good("certificates", `NODE_EXTRA_CA_CERTS adds those of ${certificates}`));
  return verdicts;
}

function named(proxy: string, exempt: string | undefined): string {
  const without = exempt ? `; NO_PROXY exempts ${exempt}` : "";
  return `HTTPS_PROXY names ${new URL(proxy).host}${without}`;
}

function keyVerdict({ apiKey }: Settings): Verdict {
  return apiKey === undefined
    ? bad(
        "key",
        "HOLOGRAM_API_KEY is not set",
        "Make a key in the dashboard and export it; where the stack has it: HOLOGRAM_API_KEY=$(pulumi config get hologram:apiKey)",
      )
    : good("key", "HOLOGRAM_API_KEY is set");
}

/** A cap on SIMs does not limit what they cost, nor the other way round: each that is missing is named. */
function capsVerdict(settings: Settings): Verdict {
  const { maxActivations, maxDueNow, maxDeactivations } = settings;
  const missing = CAPS_ON_SPENDING.filter(({ name }) => settings[name] === undefined);
  const caps = [
    ...(maxActivations === undefined ? [] : [`${maxActivations} activations`]),
    ...(maxDueNow === undefined ? [] : [`$${maxDueNow} due now`]),
    `${maxDeactivations} deactivations`,
  ];
  const text = `one run may come to ${caps.join(", ")}`;
  if (missing.length === 0) return good("caps", text);
  const none = `the environment sets no cap on ${missing.map(({ on }) => on).join(" and on ")}`;
  const variables = missing.map(({ name, such }) => `${settingNames[name]}=${such}`).join(" and ");
  const commands = missing.map(({ name, such }) => `pulumi config set hologram:${name} ${such}`).join(", ");
  return warning(
    "caps",
    missing.length < CAPS_ON_SPENDING.length ? `${text}; ${none}` : none,
    `Set ${variables}, or for a stack: ${commands}. Doctor sees the environment only, and not a stack's configuration`,
  );
}

/** What one run may buy; `such` is an example. */
const CAPS_ON_SPENDING = [
  { name: "maxActivations", on: "activations", such: 100 },
  { name: "maxDueNow", on: "what is due", such: 60 },
] as const;
