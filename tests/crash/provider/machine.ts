/** A machine on which commands run: its journal, its provider processes, and the clock that everything goes by. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "../../../provider/dynamic/host/session";
import { type Behaviour, type Emulator, startEmulator } from "../../../provider/testing/emulator";
import type { Clock } from "../../../provider/util/clock";
import { Timeline } from "../../harness/provider/providerClock";
import { methodsOf, type Provider } from "../../harness/provider/providerHarness";
import { ELSEWHERE, ORG } from "../story/cards";
import { SETTLE, signals } from "../story/faults";

/** How a call ends whose process has died: for the engine, not for the provider, which is gone. */
export class Died extends Error {
  override readonly name = "Died";

  constructor() {
    super("the provider process died");
  }
}

/** Everything that lives as long as one command: one death is the end of all of it. */
export class Life {
  /** Rejects when it ends. */
  readonly died: Promise<never>;
  isOver = false;
  /** Ends it with an error, which whatever is at work rejects with. */
  end: (error: Error) => void = () => undefined;

  constructor() {
    this.died = new Promise((_, reject) => {
      this.end = reject;
    });
    this.died.catch(() => undefined);
  }

  /** Nothing that leaves a dead process is carried out. */
  readonly keys: string[] = [];

  die(): void {
    this.isOver = true;
    this.end(new Died());
  }

  /** What a dead process waits for fails, so that it lets go of what all processes of a story share: the turn to claim. */
  clock(clock: Clock): Clock {
    const after = async (milliseconds: number): Promise<void> => {
      if (!this.isOver) await clock.sleep(milliseconds);
      if (this.isOver) throw new Died();
    };
    return { now: () => clock.now(), sleep: after };
  }
}

/** The account, the time, and the folders of the machines of one story. */
export class World {
  readonly timeline = new Timeline();
  /** The command at work. */
  life = new Life();
  /** What people do when their moment comes in the middle of a command. */
  meddle: () => void = () => undefined;
  /** How much later the request lands that was on its way when all died. */
  landsAfterSeconds = 0;

  private constructor(
    readonly emulator: Emulator,
    private readonly root: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async begin(
    behaviour: Partial<Behaviour>,
    settings: Readonly<Record<string, string>>,
  ): Promise<World> {
    let world: World | undefined;
    const clock: Clock = {
      now: () => world?.timeline.now ?? 0,
      sleep: (milliseconds) => world?.sleep(milliseconds) ?? Promise.resolve(),
    };
    const emulator = await startEmulator({ clock, behaviour: { ...behaviour, alreadyActive: "charge" } });
    world = new World(emulator, join(folder(), `${++worlds}`), settings);
    return world;
  }

  /** The journal of a machine. */
  journal(machine: number): string {
    const folder = join(this.root, `journal-${machine}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** A provider process of a command. */
  start(environment: Readonly<Record<string, string>>, isExplicit: boolean): Provider {
    // A port is used again by a later run, and what this process learned about an account goes by address and key.
    const key = `crash-key-${++keys}`;
    this.life.keys.push(key);
    this.allow([key]);
    const env = {
      ...this.settings,
      ...environment,
      HOLOGRAM_API_KEY: isExplicit ? "" : key,
      HOLOGRAM_BASE_URL: this.emulator.url,
      HOLOGRAM_CLAIM_SETTLE_SECONDS: String(SETTLE),
    };
    const provider = methodsOf(new Session(env, this.life.clock(this.timeline.provider)));
    const config: Readonly<Record<string, string>> = isExplicit ? { "hologram:apiKey": key } : {};
    const get = (name: string): string | undefined => config[name];
    void provider.configure({ config: { get, require: (name) => get(name) ?? "" } });
    return provider;
  }

  async close(): Promise<void> {
    await this.emulator.close();
  }

  /** Everything at work is killed, in the middle of a request that is carried out now, later or never. */
  kill(): void {
    const { life, emulator } = this;
    life.die();
    // The request of this moment is still the living process's.
    queueMicrotask(() => {
      for (const key of life.keys) emulator.addKey({ key, role: "viewer", orgIds: [] });
    });
  }

  private allow(keys: readonly string[]): void {
    for (const key of keys) this.emulator.addKey({ key, role: "admin", orgIds: [ORG, ELSEWHERE] });
  }

  private async landLate(keys: readonly string[]): Promise<void> {
    await this.timeline.emulator.sleep(this.landsAfterSeconds * 1_000);
    this.allow(keys);
    setImmediate(() => {
      for (const key of keys) this.emulator.addKey({ key, role: "viewer", orgIds: [] });
    });
  }

  /** The emulated account waits; some of its waits say that a moment of the story has come. */
  private async sleep(milliseconds: number): Promise<void> {
    switch (milliseconds) {
      case signals.slow:
        return this.timeline.advance(milliseconds);
      case signals.meddling:
        return this.meddle();
      case signals.landsLate:
        return this.landLate(this.life.keys);
      default:
        return this.timeline.emulator.sleep(milliseconds);
    }
  }
}

let [keys, worlds] = [0, 0];

/** Where Linux keeps files in memory: a journal is written for good before each claim, and a disk takes its time for that. */
const MEMORY = "/dev/shm";

let root: string | undefined;

/** Of all journals of this process: emptied when it ends, because that takes longer than many a story. */
function folder(): string {
  if (root !== undefined) return root;
  const fresh = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "crash-"));
  process.once("exit", () => rmSync(fresh, { recursive: true, force: true }));
  root = fresh;
  return fresh;
}
