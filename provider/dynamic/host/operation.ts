import { PartialFailure } from "../wire/partialFailure";
import type { Props } from "../wire/values";
import { type RowReporter, rowReporter, withoutStack } from "./progress";
import type { Session } from "./session";

/**
 * One operation: everything it says is sent before it ends, and whatever it throws is an Error of one sentence without
 * the key. Anything but an Error would leave the engine waiting for ever (pulumi/pulumi, cmd/dynamic-provider).
 */
export async function operate<T>(
  session: Session,
  props: Props,
  operation: (report: RowReporter) => Promise<T>,
): Promise<T> {
  const urn = typeof props.__urn === "string" ? props.__urn : undefined;
  const report = rowReporter(urn, session.redact);
  try {
    await session.engine.meet();
    return await operation(report);
  } catch (error) {
    if (error instanceof PartialFailure) throw error;
    throw withoutStack(error, session.redact);
  } finally {
    await report.flush();
  }
}
