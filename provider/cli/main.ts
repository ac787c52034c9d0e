#!/usr/bin/env node
/**
 * The command `pulumi-hologram`. Only the check of the version is imported here, and nothing is written that an old Node.js
 * cannot read: what is loaded afterwards fails on an old one in words that help nobody.
 */
import { nodeProblem } from "../util/nodeVersion";

const problem = nodeProblem("its command line");
if (problem === undefined) {
  import("./program.js")
    .then(({ run }) => run(process.argv.slice(2)))
    .catch((error: unknown) => fail(`pulumi-hologram cannot be loaded: ${error}. Install it again`));
} else {
  fail(problem);
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}.\n`);
  process.exitCode = 2;
}
