import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { messageOf } from "../../fleet/model/fleetErrors";
import { CommandError } from "../command";
import { readState, type StackRecord } from "./states";

/**
 * Reads the states that `--stack` names, once each; `-` is standard input. What cannot be read, and a stack that is
 * given twice, is a `CommandError`. `note` is told of fleets whose selection is encrypted.
 */
export async function readStacks(
  files: readonly string[],
  note: (line: string) => void,
): Promise<StackRecord[]> {
  const stacks: StackRecord[] = [];
  for (const file of files) {
    const stack = readState(decodeText(await contentsOf(file)), file);
    if (stacks.some(({ name }) => name === stack.name)) {
      throw new CommandError(
        `The state of ${stack.name} is given twice; every SIM of it would be declared twice.`,
      );
    }
    stacks.push(stack);
    for (const { name } of stack.fleets.filter((fleet) => fleet.byDevicesAlone)) {
      note(
        `The selection of ${name} in ${stack.name} is encrypted: its SIMs are known by their devices. SIMs that it ` +
          "declares and does not hold yet are seen with an export by --show-secrets.",
      );
    }
  }
  return stacks;
}

async function contentsOf(file: string): Promise<Uint8Array> {
  try {
    return file === "-" ? await buffer(process.stdin) : await readFile(file);
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${messageOf(error)}.`);
  }
}

/**
 * The text of a file that a shell may have written: `pulumi stack export > dev.json` in Windows PowerShell makes UTF-16
 * with a byte order mark, editors put one in front of UTF-8. Where there is none, UTF-16 is known by its zeros: JSON
 * begins with two ASCII characters.
 */
function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined)) return "utf-16be";
  return "utf-8";
}
