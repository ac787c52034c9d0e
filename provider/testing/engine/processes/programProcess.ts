/** The user's program, run by the SDK's own launcher in a process of its own. */
import { basename, dirname, extname, resolve } from "node:path";
import { type NodeProcess, startSdkModule } from "./processes";

/** The exit code of the SDK's launcher once it has reported the error itself. */
const reportedToUser = 32;

export interface ProgramSettings {
  readonly program: string;
  readonly project: string;
  readonly stack: string;
  /** Folder of the state, handed over as the project's root. */
  readonly root: string;
  /** Address of monitor and engine. */
  readonly address: string;
  readonly preview: boolean;
  readonly parallel: number;
  /** Values by full key, secrets opened. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly print: (line: string) => void;
}

export interface Program {
  /** Resolves with nothing after success, `reported` when the user knows the reason already, else with the reason. */
  readonly ended: Promise<undefined | "reported" | string>;
  kill(): Promise<void>;
}

/** Starts the program. */
export function startProgram(settings: ProgramSettings): Program {
  const path = resolve(settings.program);
  const typescript = [".ts", ".mts", ".cts"].includes(extname(path));
  const child: NodeProcess = startSdkModule("cmd/run", {
    folder: dirname(path),
    args: launcherArguments(settings, path),
    env: {
      ...settings.env,
      PULUMI_CONFIG: JSON.stringify(settings.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(settings.secretKeys),
      ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    },
    line: settings.print,
  });
  const ended = child.exited.then((code) => {
    if (code === 0) {
      return undefined;
    }
    return code === reportedToUser ? "reported" : `Program exited with non-zero exit code: ${code}`;
  });
  return { ended, kill: () => child.kill() };
}

function launcherArguments(settings: ProgramSettings, path: string): string[] {
  return [
    ...["--monitor", settings.address],
    ...["--engine", settings.address],
    ...["--organization", "organization"],
    ...["--project", settings.project],
    ...["--root-directory", settings.root],
    ...["--stack", settings.stack],
    ...["--pwd", dirname(path)],
    ...(settings.preview ? ["--dry-run"] : []),
    ...["--parallel", String(settings.parallel)],
    basename(path),
  ];
}
