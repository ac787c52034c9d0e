import { CommandNotes, commandOf, phaseOf } from "./commandNotes";
import { journalFolder } from "./folder";

/** A fleet as the program declares it. */
export interface Announcement {
  readonly urn: string;
  /** A list, or `first-last`; absent where it is not known in this phase. */
  readonly sims?: string | readonly string[];
  readonly isPreview: boolean;
}

/**
 * Notes that the program declares a fleet, and, when the program ends, that there are no more. It runs in the program,
 * for fleets too that `--target` leaves out and that no provider hears of: none of their SIMs may be paused. A journal
 * that cannot be written only makes the provider more careful.
 */
export function announce(
  { urn, sims, isPreview }: Announcement,
  engineAddress: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): void {
  const command = nameFor(engineAddress, environment);
  if (command === undefined) return;
  const notes = notesFor(journalFolder(environment), command);
  note(notes, { kind: "fleet", isPreview, urn, atMs: Date.now(), ...(sims === undefined ? {} : { sims }) });
  endWith(notes, isPreview);
}

/** A `pulumi` above a program of the Automation API is not the one that runs it, so its engine says more. */
function nameFor(engineAddress: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  const isKnown = engineAddress === undefined || environment.PULUMI_LOG_OTLP_ENDPOINT?.trim();
  return isKnown ? commandOf(environment) : phaseOf(engineAddress);
}

/** The phase that this process is in: a program of the Automation API goes through several in one process. */
let phase: { readonly notes: CommandNotes; readonly isPreview: boolean; isOver: boolean } | undefined;

function endWith(notes: CommandNotes, isPreview: boolean): void {
  if (phase === undefined) {
    // The SDK waits in `beforeExit` until the engine is done with the deletes (cmd/run), so `exit` would be too late.
    process.on("beforeExit", end);
    process.on("exit", end);
  } else if (phase.notes !== notes || phase.isPreview !== isPreview) end();
  phase = { notes, isPreview, isOver: false };
}

function end(): void {
  if (phase === undefined || phase.isOver) return;
  phase.isOver = true;
  note(phase.notes, { kind: "end", isPreview: phase.isPreview, atMs: Date.now() });
}

function note(notes: CommandNotes, each: Parameters<CommandNotes["write"]>[0]): void {
  try {
    notes.write(each);
  } catch {
    // See above.
  }
}

const known = new Map<string, CommandNotes>();

function notesFor(folder: string, command: string): CommandNotes {
  const key = `${folder} ${command}`;
  const notes = known.get(key) ?? new CommandNotes(folder, command);
  known.set(key, notes);
  return notes;
}
