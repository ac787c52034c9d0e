/** The pipelines of `examples/gitops`, read as their services read them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type Finished, finished } from "../harness/engine/finished";

export const example = resolve(__dirname, "../../../examples/gitops");
export const workflows = join(example, ".github", "workflows");
export const gitlabFile = join(example, ".gitlab-ci.yml");

/** Scripts of one pipeline by the name of the step (GitHub) or job (GitLab) that runs them, in order. */
export type Scripts = Readonly<Record<string, readonly string[]>>;

export function githubScripts(): Scripts {
  const scripts: Record<string, readonly string[]> = {};
  for (const file of readdirSync(workflows)) {
    for (const job of values(parsed(join(workflows, file)).jobs)) {
      for (const step of values(Object(job).steps)) {
        const { name, id, run } = Object(step);
        if (typeof run === "string") scripts[name ?? id ?? run] = [run];
      }
    }
  }
  return scripts;
}

export function gitlabScripts(part: "before_script" | "script" | "after_script" = "script"): Scripts {
  const jobs = Object.entries(parsed(gitlabFile)).filter(([, job]) => Array.isArray(Object(job)[part]));
  return Object.fromEntries(jobs.map(([name, job]) => [name, values(Object(job)[part]).map(String)]));
}

/** The script with the command of Pulumi, which is to be the only one of the step or job. */
export function withPulumi(scripts: Scripts, name: string): string {
  const found = (scripts[name] ?? []).filter((script) => /\bpulumi [a-z]/.test(script));
  const [script] = found;
  assert.ok(script !== undefined && found.length === 1, `one command of Pulumi in ${name}`);
  return script;
}

/** Every command of Pulumi, on one line each. */
export function pulumiCommands(scripts: Scripts): string[] {
  const lines = Object.values(scripts).flatMap((each) => each.join("\n").replaceAll("\\\n", " ").split("\n"));
  const commands = lines
    .filter((line) => /^\s*pulumi /.test(line))
    .map((line) => line.trim().replace(/\s+/g, " "));
  return [...new Set(commands)].sort();
}

/** Runs a script as both services do: it ends at the first command that fails, piped or not. */
export function bash(
  script: string,
  where: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Finished> {
  return finished("bash", ["-eo", "pipefail", "-c", script], where);
}

function parsed(file: string): Readonly<Record<string, unknown>> {
  return Object(parse(readFileSync(file, "utf8")));
}

function values(of: unknown): unknown[] {
  return Object.values(Object(of));
}
