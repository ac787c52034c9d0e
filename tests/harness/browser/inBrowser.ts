/** Defines suites that need a browser; where there is none, a test says so. */
import { everything } from "../engine/form";
import { findChromium, TestBrowser } from "./chromium";

/** What the short form plays of a suite: nothing (default), or all of it. */
export interface InBrowserOptions {
  readonly short?: boolean;
}

/** `define` is called with a function that tells the browser, which is there while tests run. */
export function describeInBrowser(
  title: string,
  define: (browser: () => TestBrowser) => void,
  { short = false }: InBrowserOptions = {},
): void {
  const path = findChromium();
  if (path === undefined || (!short && !everything)) {
    notRun(
      title,
      path === undefined ? "Chromium was not found on the PATH" : "that is part of the full form",
    );
    return;
  }
  describe(`${title} (Chromium)`, function suite() {
    this.timeout(300_000);
    let opened: TestBrowser | undefined;
    before(async () => {
      opened = await TestBrowser.open(path);
    });
    after(() => opened?.close());
    define(() => {
      if (opened === undefined) throw new Error("The browser is there while tests run, and not before.");
      return opened;
    });
  });
}

function notRun(title: string, reason: string): void {
  it(`${title}: not run in a browser: ${reason}`, function skipped() {
    this.skip();
  });
}
