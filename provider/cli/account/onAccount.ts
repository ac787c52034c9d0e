import { Connection } from "../../account/connection";
import { messageOf } from "../../fleet/model/errors";
import { CommandError, type ExitCode } from "../command";
import { Progress } from "../terminal/progress";

/** Runs a command that looks at the account. Whatever fails is one sentence, without the API key in it, and exit code 2. */
export async function onAccount(
  work: (connection: Connection, progress: Progress) => Promise<ExitCode>,
): Promise<ExitCode> {
  const [connection, progress] = [new Connection(), new Progress()];
  try {
    return await work(connection, progress);
  } catch (error) {
    throw new CommandError(connection.redact(messageOf(error)));
  } finally {
    progress.clear();
  }
}
