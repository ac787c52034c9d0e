import type { dynamic } from "@pulumi/pulumi";
import { check } from "./check";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { PartialFailure } from "./partial";
import { type RowReporter, rowReporter, withoutStack } from "./progress";
import { read } from "./read";
import { Session } from "./session";
import { update } from "./update";
import type { Props } from "./values";

/**
 * What the provider process loads: the constant `__provider` text of a resource calls `handler()` once per process.
 * Not for users.
 */
export function handler(session: Session = new Session()): dynamic.ResourceProvider {
  return {
    configure: async (request) => session.configure((key) => request.config.get(key)),
    check: (olds: Props, news: Props) =>
      session.checked.during(() => run(session, news, (report) => check(session, olds, news, report))),
    diff: (_id, olds: Props, news: Props) =>
      run(session, news, async (report) => diff(session, olds, news, report)),
    create: (props: Props) => run(session, props, (report) => create(session, props, report)),
    read: (id, props: Props = {}) => run(session, props, (report) => read(session, id, props, report)),
    update: (id, olds: Props, news: Props) =>
      run(session, news, (report) => update(session, id, olds, news, report)),
    delete: (_id, props: Props) => run(session, props, (report) => remove(session, props, report)),
  };
}

/**
 * One operation: everything it says is sent before it ends, and whatever it throws is an Error of one sentence without
 * the key. Anything but an Error would leave the engine waiting for ever (pulumi/pulumi, cmd/dynamic-provider).
 */
async function run<T>(
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
