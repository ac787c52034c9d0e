import type { Props } from "../wire/values";
import type { DeclaredTags } from "./declaredTags";
import { parseTag } from "./inputs";
import { readTag } from "./state";

export interface DiffResult {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: false;
}

/**
 * Hologram can neither rename nor move a tag: another name or organization is another tag. It is created first, fleets
 * move to it, and the old one is deleted last. A name that is not known yet may be another one. Sends nothing.
 */
export function diff(declared: DeclaredTags, olds: Props, news: Props): DiffResult {
  const state = readTag(olds);
  if (!state.adopted) declared.isOwn(state.tagId);
  const parsed = parseTag(news);
  if ("problems" in parsed) return { changes: true, replaces: [], deleteBeforeReplace: false };
  const { name, orgId, unknown } = parsed.inputs;
  const replaces = [
    ...(name === state.name ? [] : ["name"]),
    ...(unknown.includes("orgId") || (orgId !== undefined && orgId !== state.orgId) ? ["orgId"] : []),
  ];
  return { changes: replaces.length > 0, replaces, deleteBeforeReplace: false };
}
