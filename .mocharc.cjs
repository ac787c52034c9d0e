const { availableParallelism } = require("node:os");

module.exports = {
  spec: "dist/tests/**/*.test.js",
  ignore: ["dist/tests/bench/**"],
  reporter: "dot",
  timeout: 240_000,
  exit: false,
  parallel: true,
  // Much of each file is waiting for processes of its own.
  jobs: availableParallelism() + 1,
  require: ["dist/tests/harness/engine/notice.js"],
};
