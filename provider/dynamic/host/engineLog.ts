import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Reporter } from "../../fleet/model/account";
import { engineAddress } from "./engineWatch";

/** A reporter whose lasting lines can be waited for, so that none is lost when the operation ends. */
export interface RowReporter extends Reporter {
  /** Shown with `--debug` alone. */
  debug(message: string): void;
  flush(): Promise<void>;
}

/**
 * Reports on the resource's own row, through the engine's log. The engine's address is the last argument of the
 * provider process (seen on the real engine, live in a terminal and as lines in CI). That is not documented: wherever
 * it fails, plain lines on standard output take its place, which the engine shows under the stack.
 *
 * `redact` is applied to everything that leaves.
 */
export function rowReporter(urn: string | undefined, redact: (text: string) => string): RowReporter {
  let sent: Promise<void> = Promise.resolve();
  const send = (severity: Severity, message: string, ephemeral: boolean): void => {
    const line = { severity, message: redact(message), urn, ephemeral };
    sent = sent.then(() => log(line));
  };
  return {
    progress: (message) => send("info", message, true),
    info: (message) => send("info", message, false),
    warn: (message) => send("warning", message, false),
    debug: (message) => send("debug", message, false),
    flush: () => sent,
  };
}

type Severity = "debug" | "info" | "warning";

interface Line {
  readonly severity: Severity;
  readonly message: string;
  readonly urn: string | undefined;
  readonly ephemeral: boolean;
}

async function log(line: Line): Promise<void> {
  try {
    await sendToEngine(line);
  } catch (error) {
    if (line.severity !== "debug" && (!line.ephemeral || !(error instanceof NoEngine)))
      process.stdout.write(`${line.severity}: ${line.message}\n`);
  }
}

/** Raised when this process has no engine to talk to. */
class NoEngine extends Error {}

async function sendToEngine(line: Line): Promise<void> {
  const address = engineAddress();
  if (address === undefined || line.urn === undefined) throw new NoEngine();
  const client = engineAt(address);
  const request = new LogRequest();
  request.setSeverity(severities[line.severity]);
  request.setMessage(line.message);
  request.setUrn(line.urn);
  request.setEphemeral(line.ephemeral);
  await new Promise<void>((resolve, reject) => {
    const deadline = { deadline: Date.now() + LOG_TIMEOUT_MS };
    client.log(request, new Metadata(), deadline, (error: Error | null) =>
      error ? reject(error) : resolve(),
    );
  });
}

const severities = {
  debug: LogSeverity.DEBUG,
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
} as const;

/** A log line is worth this long, never more. */
const LOG_TIMEOUT_MS = 3_000;

const engines = new Map<string, EngineClient>();

function engineAt(address: string): EngineClient {
  const engine = engines.get(address) ?? new EngineClient(address, credentials.createInsecure());
  engines.set(address, engine);
  return engine;
}
