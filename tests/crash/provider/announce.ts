import type { Values } from "../judge/command";

/** What the constructor of a resource does beside registering it: it tells the machine's journal what it declares. */
export async function announce(_urn: string, _inputs: Values): Promise<void> {}
