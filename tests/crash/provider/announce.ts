/** What a program leaves in the journal of its machine, beside what it registers with the engine. */
import { CommandNotes, commandOf, type Note } from "../../../provider/journal/commandNotes";
import { journalFolder } from "../../../provider/journal/folder";
import type { Values } from "../judge/command";

/** What the constructor of a resource does: it tells what it declares, also where the provider is never asked. */
export function announce(urn: string, { sims, simRange, eidRange }: Values, isPreview: boolean): void {
  const declared = sims ?? simRange ?? eidRange;
  const known =
    typeof declared === "string" ? declared : Array.isArray(declared) ? declared.map(String) : undefined;
  note({ kind: "fleet", urn, isPreview, atMs: Date.now(), ...(known === undefined ? {} : { sims: known }) });
}

/** The program has come to its end: it declares nothing more. */
export function announceEnd(isPreview: boolean): void {
  note({ kind: "end", isPreview, atMs: Date.now() });
}

function note(each: Note): void {
  new CommandNotes(journalFolder(process.env), commandOf(process.env) ?? "").write(each);
}
