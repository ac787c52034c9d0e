/** Loaded first by every child of the embedded engine: ends the process when the one that started it is gone. */
process.stdin.on("end", () => process.kill(process.pid, "SIGKILL"));
process.stdin.on("error", () => process.kill(process.pid, "SIGKILL"));
process.stdin.resume();
// A pipe keeps the event loop alive; the program must still be able to end by itself.
if ("unref" in process.stdin && typeof process.stdin.unref === "function") {
  process.stdin.unref();
}
