/** A command from its start to its end. */
import { spawn } from "node:child_process";

export interface Finished {
  readonly code: number | null;
  /** Everything it printed. */
  readonly text: string;
}

/** Does not block: what the command talks to may live in this process. */
export async function finished(
  command: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Finished> {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  }
  const code = await new Promise<number | null>((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  });
  return { code, text: chunks.join("") };
}
