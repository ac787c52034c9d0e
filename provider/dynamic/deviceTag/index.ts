import type { dynamic } from "@pulumi/pulumi";
import { operate } from "../host/operation";
import { Session } from "../host/session";
import type { PlainObject, Props } from "../wire/values";
import { check } from "./check";
import { create } from "./create";
import { DeclaredTags } from "./declaredTags";
import { remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import { readTag, writeTag } from "./state";

/** What the provider process loads for a `DeviceTag`: the constant `__provider` text calls it once per process. */
export function tagHandler(session: Session = new Session()): dynamic.ResourceProvider {
  const declared = new DeclaredTags();
  return {
    configure: async (request) => session.configure((key) => request.config.get(key)),
    check: (olds: Props, news: Props) =>
      operate(session, news, (report) => check(session, declared, olds, news, report)),
    diff: (_id, olds: Props, news: Props) => operate(session, news, async () => diff(declared, olds, news)),
    create: (props: Props) => operate(session, props, (report) => create(session, declared, props, report)),
    read: (id, props: Props = {}) => operate(session, props, (report) => read(session, id, props, report)),
    update: (_id, olds: Props, news: Props) => operate(session, news, async () => update(olds, news)),
    delete: (_id, props: Props) =>
      operate(session, props, (report) => remove(session, declared, props, report)),
  };
}

/** Nothing of a tag changes in place; what is asked for all the same leaves the record as it is. */
function update(olds: Props, news: Props): { outs: PlainObject } {
  return { outs: writeTag(readTag(olds), news.__urn) };
}
