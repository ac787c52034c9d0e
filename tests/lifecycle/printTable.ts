/**
 * `node dist/tests/lifecycle/printTable.js [real]`: plays every change of the table, and prints it with its result and
 * the requests that were made; on the embedded engine, or on the Pulumi CLI.
 */
import { embeddedEngine } from "../../provider/testing/engine";
import { realEngine } from "../harness/engine/realEngine";
import { chains } from "./changes";
import { type Played, playChain } from "./played";

async function main(): Promise<void> {
  const engine = process.argv[2] === "real" ? realEngine() : embeddedEngine();
  if (engine === undefined) throw new Error("the Pulumi CLI was not found");
  const rows: string[] = [];
  for (const chain of chains) rows.push(...(await playChain(engine, chain)).played.map(rowOf));
  const head = ["| change | result | requests |", "|---|---|---|"];
  process.stdout.write(
    `On the ${engine.kind} engine, version ${engine.version}:\n${[...head, ...rows].join("\n")}\n`,
  );
}

function rowOf({ change, operation, result, requests }: Played): string {
  const refused = `refused: ${operation.errors
    .find((error) => !/^(preview|update) failed/.test(error))
    ?.split("\n")
    .join(" ")}`;
  const came = operation.ok ? result.join(", ") || "none" : refused;
  return `| ${change.what} | ${came} | ${requests.join(", ") || "none"} |`;
}

void main();
