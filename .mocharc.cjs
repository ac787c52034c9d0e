const { globSync } = require("node:fs");
const { availableParallelism } = require("node:os");

// What takes minutes in the full form begins first: begun last, it would run alone at the end.
const LONG = ["testing/engine/parity", "crash", "lifecycle", "examples", "docs/blocks", "layouts", "promise"];
const tests = globSync("dist/tests/**/*.test.js").filter((file) => !file.startsWith("dist/tests/bench/"));
const rank = (file) => {
  const at = LONG.findIndex((each) => file.startsWith(`dist/tests/${each}`));
  return at < 0 ? LONG.length : at;
};
tests.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));

module.exports = {
  spec: tests,
  reporter: "dot",
  timeout: 240_000,
  exit: false,
  parallel: true,
  // Much of each file is waiting for processes of its own.
  jobs: availableParallelism() + 1,
  require: ["dist/tests/harness/engine/notice.js"],
};
