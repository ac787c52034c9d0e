import assert from "node:assert/strict";
import { Progress } from "../../../provider/cli/terminal/progress";

function setUp(isTTY: boolean) {
  let now = 0;
  const written: string[] = [];
  const clock = { now: () => now, sleep: async () => undefined };
  const stream = { isTTY, columns: 20, write: (text: string) => written.push(text) };
  const progress = new Progress(stream, clock);
  return { progress, written, at: (milliseconds: number) => (now = milliseconds) };
}

describe("progress", () => {
  it("says nothing for a second, then one line that is drawn anew and wiped away", () => {
    const { progress, written, at } = setUp(true);
    progress.progress("early");
    at(1_500);
    progress.progress("1,000 SIMs read");
    at(1_520);
    progress.progress("too soon to be drawn");
    at(1_700);
    progress.progress("a line that is longer than the terminal");
    progress.info("noted");
    progress.clear();
    const wiped = "\r\u001b[K";
    assert.deepEqual(written, [`${wiped}1,000 SIMs read`, `${wiped}a line that is long`, wiped, "noted\n"]);
  });

  it("writes only what stays into a pipe", () => {
    const { progress, written, at } = setUp(false);
    at(5_000);
    progress.progress("1,000 SIMs read");
    progress.warn("noted");
    progress.clear();
    assert.deepEqual(written, ["noted\n"]);
  });
});
