/** A stack of the tiny program, in a folder of its own that goes with it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, ResourceState, StackHandle, StackOptions } from "../../../provider/testing/engine";
import type { Declaration } from "../programs/tiny/program";
import { changeWorld, readWorld, type World } from "../programs/tiny/world";

/** The program's main file, compiled. */
const tinyProgram = join(__dirname, "../programs/tiny/program.js");

const opened = new Set<TinyStack>();

/** Closes what a test left open; for an `afterEach`. */
export async function closeTinyStacks(): Promise<void> {
  await Promise.all([...opened].map((stack) => stack.close()));
}

export class TinyStack {
  readonly handle: StackHandle;
  readonly directory: string;
  private readonly worldPath: string;

  private constructor(handle: StackHandle, directory: string, world: string) {
    this.handle = handle;
    this.directory = directory;
    this.worldPath = world;
  }

  /** Opens a new stack on an engine. */
  static async open(engine: Engine, options: Partial<StackOptions> = {}): Promise<TinyStack> {
    const directory = await mkdtemp(join(tmpdir(), "engine-"));
    const handle = await engine.stack({ program: tinyProgram, directory, ...options });
    const stack = new TinyStack(handle, directory, join(directory, "world.sqlite"));
    stack.declare([]);
    opened.add(stack);
    return stack;
  }

  /** What the program declares from now on. */
  declare(declarations: readonly Declaration[]): void {
    this.handle.setEnv({ TINY_WORLD: this.worldPath, TINY_PROGRAM: JSON.stringify(declarations) });
  }

  /** Changes what the provider finds. */
  change(change: (world: World) => void): void {
    changeWorld(this.worldPath, change);
  }

  world(): World {
    return readWorld(this.worldPath);
  }

  /** The resource of that name in the state. */
  async resource(name: string): Promise<ResourceState | undefined> {
    const { resources } = await this.handle.export();
    return resources.find(({ urn }) => urn.endsWith(`::${name}`));
  }

  async close(): Promise<void> {
    opened.delete(this);
    await this.handle.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Receives lines, and tells when one of them holds a text. */
export class Lines {
  private readonly waiting: { readonly text: string; readonly resolve: () => void }[] = [];

  /** To be given to a stack as `log`. */
  readonly log = (line: string): void => {
    for (const { text, resolve } of this.waiting) {
      if (line.includes(text)) {
        resolve();
      }
    }
  };

  /** Resolves with the next line that holds `text`. */
  next(text: string): Promise<void> {
    return new Promise((resolve) => this.waiting.push({ text, resolve }));
  }
}
