/** The oldest Node.js that the package runs on: what undici 8 takes. The same as `engines` in package.json. */
export const OLDEST_NODE = "22.19";

/**
 * Why this Node.js is too old, as a sentence; undefined where it is not. Asked before anything else is loaded, because
 * an older one fails in the middle of a dependency, in words that name neither the cause nor the remedy.
 */
export function nodeProblem(
  who: string,
  version = process.versions.node,
  executable = process.execPath,
): string | undefined {
  if (isAtLeast(version, OLDEST_NODE)) return undefined;
  return (
    `pulumi-hologram needs Node.js ${OLDEST_NODE} or newer, and ${who} runs on ${version} (${executable}). ` +
    "Install a newer one, or put it first on PATH; nothing was sent"
  );
}

/** An error of that sentence alone: Pulumi prints the stack of others, and hides that of its own `RunError`. */
export function refuseOldNode(who: string, version = process.versions.node): void {
  const problem = nodeProblem(who, version);
  if (problem === undefined) return;
  throw Object.assign(new Error(problem), { stack: "", __pulumiRunError: true });
}

function isAtLeast(version: string, oldest: string): boolean {
  const [have, want] = [version, oldest].map((text) => text.split(".").map(Number));
  const [major = 0, minor = 0] = have ?? [];
  const [wantedMajor = 0, wantedMinor = 0] = want ?? [];
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
