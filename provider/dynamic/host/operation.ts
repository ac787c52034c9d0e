import { INTERNAL_ERROR, isRefusal, messageOf } from "../../fleet/model/fleetErrors";
import { withoutNumbers, withoutValues } from "../inputs/secretNumbers";
import { rowOf } from "../wire/hiddenInputs";
import { PartialFailure } from "../wire/partialFailure";
import type { Props } from "../wire/values";
import { type RowReporter, rowReporter } from "./engineLog";
import type { Session } from "./session";

/**
 * The one way out of an operation: lines on the row, failures of a check, reasons of an operation that ended part-way,
 * errors. The API key is taken out of all of them, and the numbers of a secret selection.
 *
 * Whatever is thrown leaves as an Error of one sentence: anything but an Error would leave the engine waiting for ever
 * (pulumi/pulumi, cmd/dynamic-provider). A fault of this package says that it is one, and has its stack in the engine's
 * debug log.
 */
export async function operate<T>(
  session: Session,
  props: Props,
  operation: (report: RowReporter) => Promise<T>,
): Promise<T> {
  const { urn, isSecret } = rowOf(props);
  const redact = (text: string): string => {
    const withoutKey = session.redact(text);
    return isSecret ? withoutNumbers(withoutKey) : withoutKey;
  };
  const report = rowReporter(urn, redact);
  try {
    await session.engine.meet();
    return cleaned(await operation(report), (text) => redact(isSecret ? withoutValues(text) : text));
  } catch (error) {
    if (error instanceof PartialFailure) {
      throw new PartialFailure(error.id, error.properties, error.reasons.map(redact));
    }
    throw told(error, report, redact);
  } finally {
    await report.flush();
  }
}

/** A check's failures are shown to the user as they are. */
function cleaned<T>(result: T, redact: (text: string) => string): T {
  if (typeof result !== "object" || result === null || !("failures" in result)) return result;
  const { failures } = result;
  if (!Array.isArray(failures)) return result;
  const clean = failures.map((failure) => ({ ...failure, reason: redact(String(failure.reason)) }));
  return { ...result, failures: clean };
}

function told(error: unknown, report: RowReporter, redact: (text: string) => string): Error {
  const words = messageOf(error);
  if (!isRefusal(error) && error instanceof Error) report.debug(causesOf(error));
  const sentence = isRefusal(error)
    ? words
    : `${INTERNAL_ERROR}: ${words}. This is a fault of the package, not of your program; ` +
      "please report it with the output of the same command and --debug";
  const clean = new Error(redact(sentence));
  // The SDK's machinery prints message and stack one after the other.
  clean.stack = "";
  return clean;
}

function causesOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${causesOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
