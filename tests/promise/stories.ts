/**
 * Defines stories of whole programs. Each is played in one process, on a clock that it moves, always. The full form plays
 * those that need no clock, and the first of its kinds (selections, ways to release, places of settings), on another engine
 * too: on the Pulumi CLI where the story asks for it and the CLI is there, else, every third of them, on the embedded
 * engine. What takes minutes in one process is played on the CLI alone, if there. `npm run stories` plays all.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { embeddedEngine } from "../../provider/testing/engine";
import { type FleetSetup, type FleetStack, withFleets } from "../harness/engine/fleetStack";
import { everyStory, everything } from "../harness/engine/form";
import { realEngine } from "../harness/engine/realEngine";
import { inProcessEngine } from "../harness/inProcess/engine";

type Level = "process" | "embedded" | "pulumi";

interface StorySetup extends FleetSetup {
  /** Where the full form may play it too. Default: on the embedded engine. */
  readonly also?: readonly ("embedded" | "pulumi")[];
  /** True: on the embedded engine in the short form as well, because processes of their own are the point. */
  readonly processes?: boolean;
  /** True: only in the full form. */
  readonly long?: boolean;
}

/** What a story works with. */
export interface Stage {
  readonly fleets: FleetStack;
  readonly level: Level;
  /** Lets time go by. On engines with processes of their own it is waited for: a second at most. */
  pass(milliseconds: number): Promise<void>;
  /** The path of a file of this story. */
  file(name: string): string;
}

export type Story = (title: string, setup: StorySetup, work: (stage: Stage) => Promise<void>) => void;

export const MINUTE = 60_000;

export const story: Story = (title, { also = ["embedded"], long, processes, ...setup }, work) => {
  const apart = everything ? separateLevels(title, also) : processes ? ["embedded" as const] : [];
  const isOnCli = /\b100,000\b/.test(title) && apart.includes("pulumi") && !everyStory;
  const levels: Level[] = isOnCli ? apart : ["process", ...apart];
  if (long && !everything) {
    it(`${title}: part of the full form (HOLOGRAM_TESTS=all)`, function skipped() {
      this.skip();
    });
    return;
  }
  for (const level of levels) {
    it(level === "process" ? title : `${title} (${level})`, async function played() {
      this.timeout(600_000);
      await play(level, setup, work, () => this.skip());
    });
  }
};

/** Titles without the kind, of stories that were played on another engine. */
const playedApart = new Set<string>();
const KIND = /^(a range|a list|EIDs|a (range|list) of 190 SIMs|190 EIDs|from [^,]+)(, \w+)?[:,] /;

function separateLevels(title: string, also: NonNullable<StorySetup["also"]>): Level[] {
  const [untold, real] = [title.replace(KIND, ""), realEngine()];
  const level =
    also.includes("pulumi") && real !== undefined ? "pulumi" : also.find((each) => each === "embedded");
  if (level === undefined || playedApart.has(untold)) return [];
  playedApart.add(untold);
  const isChosen = level === "pulumi" || playedApart.size % 3 === 0;
  return everyStory || isChosen ? [level] : [];
}

async function play(
  level: Level,
  setup: FleetSetup,
  work: (stage: Stage) => Promise<void>,
  skip: () => void,
): Promise<void> {
  const behaviour = { settleReads: 0, ...setup.behaviour };
  if (level === "process") {
    const engine = inProcessEngine();
    const { timeline } = engine;
    await withFleets(engine, { ...setup, behaviour, clock: timeline.emulator }, (fleets) =>
      work(stageOf(fleets, level, (milliseconds) => timeline.advance(milliseconds))),
    );
    return;
  }
  const engine = level === "embedded" ? embeddedEngine() : realEngine();
  if (engine === undefined) return skip();
  await withFleets(engine, { ...setup, behaviour }, (fleets) =>
    work(stageOf(fleets, level, (milliseconds) => sleep(Math.min(milliseconds, 1_000)))),
  );
}

function stageOf(fleets: FleetStack, level: Level, pass: Stage["pass"]): Stage {
  return { fleets, level, pass, file: (name) => join(fleets.directory, name) };
}
