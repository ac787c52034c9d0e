/**
 * Loaded first by every child of the embedded engine. The SDK loads the TypeScript compiler and npm's package tree, two
 * thirds of its start-up, only to write functions of a program down as text. Here each waits until something uses it.
 */
import Module, { createRequire } from "node:module";

const ofSdk = createRequire(process.argv[1] ?? __filename);
/** A program in TypeScript needs its compiler at once. */
const isCompiled = process.env.PULUMI_NODEJS_TYPESCRIPT === "true";
for (const name of isCompiled ? [] : ["typescript", "@npmcli/arborist"]) {
  postpone(name);
}

/** Takes the place of a module among those that are loaded, and loads it with the first look at it. */
function postpone(name: string): void {
  const path = pathOf(name);
  if (path === undefined) {
    return;
  }
  let loaded: object | undefined;
  const load = (): object => {
    if (loaded === undefined) {
      delete ofSdk.cache[path];
      loaded = Object(ofSdk(path));
    }
    return loaded ?? {};
  };
  const standIn = new Module(path);
  standIn.loaded = true;
  standIn.exports = new Proxy(
    {},
    {
      // Compiled `import *` copies every property at once, except from modules that say this.
      get: (_, key) => (key === "__esModule" ? true : key === "default" ? load() : Reflect.get(load(), key)),
      has: (_, key) => Reflect.has(load(), key),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_, key) => {
        const found = Reflect.getOwnPropertyDescriptor(load(), key);
        return found && { ...found, configurable: true };
      },
    },
  );
  ofSdk.cache[path] = standIn;
}

/** Undefined where it is not installed: the SDK has its own way without it. */
function pathOf(name: string): string | undefined {
  try {
    return ofSdk.resolve(name);
  } catch {
    return undefined;
  }
}
