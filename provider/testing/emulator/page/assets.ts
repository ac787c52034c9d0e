/** Files that the page's browser asks for: they lie with the sources, which are published beside what is compiled. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Asset {
  readonly type: string;
  readonly text: string;
}

/** The file behind a path of the page; undefined where there is none. */
export function assetAt(path: string): Asset | undefined {
  const [name, type] = files[path] ?? [];
  if (name === undefined || type === undefined) return undefined;
  const text = kept.get(name) ?? readFileSync(join(folder(), name), "utf8");
  kept.set(name, text);
  return { type, text };
}

const files: Readonly<Record<string, readonly [string, string]>> = {
  "/assets/page.css": ["page.css", "text/css; charset=utf-8"],
  "/assets/live.js": ["live.js", "text/javascript; charset=utf-8"],
  "/assets/icon.svg": ["icon.svg", "image/svg+xml"],
  "/favicon.ico": ["icon.svg", "image/svg+xml"],
};

const kept = new Map<string, string>();

function folder(): string {
  const root = dirname(require.resolve("pulumi-hologram/package.json"));
  return join(root, "provider", "testing", "emulator", "page", "assets");
}
