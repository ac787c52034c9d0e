import { refuseOldNode } from "../util/nodeVersion";

// Before the rest is loaded, parts of which an older Node.js cannot load.
refuseOldNode("Pulumi's provider process");

import type { dynamic } from "@pulumi/pulumi";
import { operate } from "./host/operation";
import { Session } from "./host/session";
import { check } from "./sims/check";
import { create } from "./sims/create";
import { remove } from "./sims/delete";
import { diff } from "./sims/diff";
import { read } from "./sims/read";
import { update } from "./sims/update";
import type { Props } from "./wire/values";

/** Twice: the `__provider` text of older state calls `tagHandler`, that of newer state `tags`, which is shorter. */
export { tagHandler, tagHandler as tags } from "./deviceTag/tagHandler";

/**
 * What the provider process loads: the constant `__provider` text of a resource calls `handler()` once per process.
 * Not for users.
 */
export function handler(session: Session = new Session()): dynamic.ResourceProvider {
  return {
    configure: async (request) => session.configure((key) => request.config.get(key)),
    check: (olds: Props, news: Props) =>
      operate(session, news, (report) => check(session, olds, news, report)),
    diff: (_id, olds: Props, news: Props) =>
      operate(session, news, async (report) => diff(session, olds, news, report)),
    create: (props: Props) => operate(session, props, (report) => create(session, props, report)),
    read: (id, props: Props = {}) => operate(session, props, (report) => read(session, id, props, report)),
    update: (id, olds: Props, news: Props) =>
      operate(session, news, (report) => update(session, { id, olds, news }, report)),
    delete: (_id, props: Props) => operate(session, props, (report) => remove(session, props, report)),
  };
}
