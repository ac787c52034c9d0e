#!/usr/bin/env node
/**
 * The command `pulumi-hologram`. Nothing is imported here, and nothing is written that an old Node.js cannot read: the
 * version is checked before anything else is loaded, because what is loaded fails on an old one in words that help nobody.
 */
export {};

/** As `engines` in package.json has it; a test holds the two together. */
const NEEDED = [22, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  import("./program.js")
    .then(({ run }) => run(process.argv.slice(2)))
    .catch((error: unknown) => fail(`pulumi-hologram cannot be loaded: ${error}. Install it again.`));
} else {
  fail(
    `pulumi-hologram needs Node.js ${NEEDED.join(".")} or newer, and this is ${process.versions.node} (${process.execPath}). Nothing was done.`,
  );
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 2;
}
