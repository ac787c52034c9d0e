const { availableParallelism } = require("node:os");

module.exports = {
  spec: "dist/tests/**/*.test.js",
  ignore: ["dist/tests/bench/**"],
  reporter: "dot",
  timeout: 120_000,
  exit: false,
  parallel: true,
  // Each file starts processes of its own, and waits for them.
  jobs: Math.max(2, availableParallelism() - 1),
  require: ["dist/tests/harness/engine/notice.js"],
};
