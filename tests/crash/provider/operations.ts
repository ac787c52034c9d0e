import { AsyncLocalStorage } from "node:async_hooks";

/** One call of the provider by the engine: everything that is sent while it runs is sent by it. */
export interface Operation {
  /** Counts provider processes from 1. */
  readonly process: number;
  readonly method: "check" | "diff" | "create" | "read" | "update" | "delete";
  /** Name of the resource. */
  readonly resource: string;
  /** How long the ledger was when it began: what landed later it may have looked for in vain. */
  readonly ledger: number;
  /** The call has come back: its answer, be it an error, has reached the engine. */
  returned: boolean;
}

const storage = new AsyncLocalStorage<Operation>();

/** Runs a call so that what it sends is known to be its own. */
export function within<T>(operation: Operation, call: () => Promise<T>): Promise<T> {
  return storage.run(operation, call);
}

/** The call that this code runs in. */
export function currentOperation(): Operation {
  const operation = storage.getStore();
  if (operation === undefined) throw new Error("nothing is sent outside an operation");
  return operation;
}
