/** The state of a stack in a file, written whole and atomically after every step, as Pulumi's own file backend does. */

import { existsSync, readFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PendingOperation, ResourceState, State } from "../engineContract";
import { type Crypter, crypter } from "./crypt";

interface StateText {
  readonly version: 1;
  readonly salt: string;
  readonly resources: readonly ResourceState[];
  readonly pendingOperations: readonly PendingOperation[];
}

/** State with nothing in it. */
const emptyState: State = { resources: [], pendingOperations: [] };

export class StateFile {
  readonly path: string;
  readonly #passphrase: string;
  #crypter: Crypter | undefined;
  /** Resources never change once made, so each is turned into text once. */
  readonly #texts = new WeakMap<ResourceState, string>();
  #closed = false;

  constructor(directory: string, stack: string, passphrase: string) {
    this.path = join(directory, `${stack}.state.json`);
    this.#passphrase = passphrase;
  }

  /** The text of the file; empty if there is no file. */
  text(): string {
    return existsSync(this.path) ? readFileSync(this.path, "utf8") : "";
  }

  /** Reads the state with its secrets opened. */
  load(): State {
    const text = this.text();
    if (text === "") {
      return emptyState;
    }
    const stored: StateText = JSON.parse(text);
    const keys = crypter(this.#passphrase, stored.salt);
    this.#crypter = keys;
    const open = (resource: ResourceState): ResourceState => ({
      ...resource,
      inputs: keys.open(resource.inputs),
      outputs: keys.open(resource.outputs),
    });
    return {
      resources: stored.resources.map(open),
      pendingOperations: stored.pendingOperations.map(({ type, resource }) => ({
        type,
        resource: open(resource),
      })),
    };
  }

  /** Replaces the file; a reader sees the old state or the new one. Nothing is written after `abandon`. */
  async save(state: State): Promise<void> {
    this.#crypter ??= crypter(this.#passphrase);
    const operations = state.pendingOperations.map(
      ({ type, resource }) => `{"type":"${type}","resource":${this.#resourceText(resource)}}`,
    );
    const text = [
      `{"version":1,"salt":"${this.#crypter.salt}","resources":[`,
      state.resources.map((resource) => this.#resourceText(resource)).join(",\n"),
      `],"pendingOperations":[`,
      operations.join(",\n"),
      "]}\n",
    ].join("\n");
    const temporary = `${this.path}.new`;
    await writeFile(temporary, text, { mode: 0o600 });
    if (this.#closed) {
      await rm(temporary, { force: true });
      return;
    }
    await rename(temporary, this.path);
  }

  /** From now on nothing is written: the operation was killed. */
  abandon(): void {
    this.#closed = true;
  }

  #resourceText(resource: ResourceState): string {
    let text = this.#texts.get(resource);
    if (text === undefined) {
      const keys = this.#crypter;
      const sealed = keys && { inputs: keys.seal(resource.inputs), outputs: keys.seal(resource.outputs) };
      text = JSON.stringify({ ...resource, ...sealed });
      this.#texts.set(resource, text);
    }
    return text;
  }
}
