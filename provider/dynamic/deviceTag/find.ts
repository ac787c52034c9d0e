import type { Reporter } from "../../fleet/model/account";
import type { Tag } from "../../hologram/index";
import { quote } from "../wire/values";

/**
 * The tag of this name, if there is one. Hologram's pages do not say that names are unique, so there may be several:
 * then it is the oldest, and the row says so.
 */
export function tagNamed(tags: readonly Tag[], name: string, report: Reporter): Tag | undefined {
  const found = tags.filter((tag) => tag.name.trim() === name).sort((a, b) => a.id - b.id);
  const [first] = found;
  if (first !== undefined && found.length > 1) {
    const ids = found.map(({ id }) => id).join(", ");
    report.warn(
      `${found.length} tags have the name ${quote(name)} (${ids}); ${first.id}, the oldest, is used`,
    );
  }
  return first;
}
