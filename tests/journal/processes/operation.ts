import { handler } from "../../../provider/dynamic";
import { Session } from "../../../provider/dynamic/host/session";
import { announce } from "../../../provider/journal/announce";
import { cards, PLAN } from "../../harness/provider/providerFleet";
import { urnOf } from "../../harness/provider/providerHarness";

/**
 * A process of one command, for one fleet: `operation.js <what> <name> <count> <from> <address of the engine>`. `preview`
 * and `up` are what a provider process does in the two phases, `known` is one that only looks, in an update, and `program`
 * what a program does in a preview. Prints a line: what came of it.
 */
async function main([what, name = "", count, from]: readonly string[]): Promise<void> {
  const [urn, sims] = [urnOf(name), cards(Number(count), Number(from))];
  if (what === "program") {
    announce({ urn, sims, isPreview: true }, process.argv.at(-1));
    return print("announced");
  }
  const session = new Session();
  const provider = handler(session);
  if (what === "known") {
    return print(`whole ${session.program.inUpdate(urn).isWhole()}`);
  }
  const inputs = { sims, plan: PLAN, __urn: urn, __dry: what === "preview" };
  const checked = await provider.check?.({}, inputs);
  const [failure] = checked?.failures ?? [];
  if (failure !== undefined) return print(failure.reason);
  if (what === "preview") return print("told");
  try {
    const { outs } = await provider.create(checked?.inputs);
    print(`holds ${outs?.simCount}`);
  } catch (error) {
    print(String(error));
  }
}

function print(line: string): void {
  process.stdout.write(`operation: ${line}\n`);
}

void main(process.argv.slice(2));
