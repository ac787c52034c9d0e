import { Redactor } from "../hologram/redact";
import { stackKey } from "./settingNames";
import type { ConfigReader } from "./settings";

/** Takes the API key out of a text that leaves the process, from whichever setting it came, with blanks around it or not. */
export function withoutKeys(text: string, environment: NodeJS.ProcessEnv, config: ConfigReader): string {
  const keys = [environment.HOLOGRAM_API_KEY, config("hologram:apiKey"), config(stackKey("apiKey"))];
  return keys.reduce<string>(
    (clean, key) => (key === undefined ? clean : new Redactor(key).redact(clean)),
    text,
  );
}
