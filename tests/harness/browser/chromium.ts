/** A real browser, where one is installed: nothing is downloaded by a test. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

/** As Debian, other distributions and Google name it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Looks on the PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

/** A window, and everything that went wrong in it. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What its console complained of, policies that were violated included. */
  readonly complaints: readonly string[];
}

export class TestBrowser {
  private constructor(private readonly browser: Browser) {}

  static async open(executablePath: string): Promise<TestBrowser> {
    const args = [
      ...["--disable-gpu", "--disable-quic", "--no-first-run"],
      // It must look for nothing but what the tests show it.
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      // Chromium refuses to be sandboxed as root, which containers of CI are.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ];
    return new TestBrowser(await chromium.launch({ executablePath, args }));
  }

  get version(): string {
    return this.browser.version();
  }

  async window(options: BrowserContextOptions = {}): Promise<Window> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    return { page, context, complaints };
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
