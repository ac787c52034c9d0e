/** The JSON and YAML that the documentation quotes: settings of policies, and files of Pulumi's. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { policies } from "../../provider/policy";
import { type Block, root } from "./pages";

/** What is wrong with a block of `--policy-pack-config`: rules and settings that the pack does not have. */
export function policyProblems(text: string): string[] {
  const configuration: Record<string, unknown> = JSON.parse(text);
  return Object.entries(configuration).flatMap(([name, given]) => {
    if (name === "all") return levels.has(String(given)) ? [] : [`${given} is no level`];
    const rule = policies.find((policy) => policy.name === name);
    if (rule === undefined) return [`the pack has no rule ${name}`];
    if (typeof given === "string") return levels.has(given) ? [] : [`${given} is no level`];
    const settings = new Set(["enforcementLevel", ...Object.keys(rule.configSchema?.properties ?? {})]);
    return Object.keys(Object(given))
      .filter((setting) => !settings.has(setting))
      .map((setting) => `${name} has no setting ${setting}`);
  });
}

const levels = new Set(["advisory", "mandatory", "disabled"]);

/** YAML is a project file of three keys, or an excerpt of a file in `examples`, where other tests run it. */
export function yamlProblem({ text }: Block): string | undefined {
  const isProject = text.split("\n").every((line) => /^(name|runtime|main|description): \S/.test(line));
  return isProject || exampleTexts().some((whole) => isExcerpt(text, whole))
    ? undefined
    : "neither a Pulumi.yaml nor an excerpt of a file in examples";
}

function isExcerpt(part: string, whole: string): boolean {
  const lines = (text: string): string =>
    text
      .split("\n")
      .map((line) => line.trim())
      .join("\n");
  return lines(whole).includes(lines(part));
}

function exampleTexts(): string[] {
  const folder = join(root, "examples");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => /\.ya?ml$/.test(path) && existsSync(path) && statSync(path).isFile())
    .map((path) => readFileSync(path, "utf8"));
}
