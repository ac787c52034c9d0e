/** What the list of SIMs is filtered by, in an address as in a form. */
import type { SimFilter } from "../reading/simList";

/** Fields that are empty, and numbers that are none, filter nothing. */
export function readFilter(from: { text(name: string): string | undefined }): SimFilter {
  const [q, state] = [from.text("q"), from.text("state")];
  const [plan, org, tag] = ["plan", "org", "tag"].map((name) => whole(from.text(name)));
  return {
    ...(q === undefined ? {} : { q }),
    ...(state === undefined ? {} : { state }),
    ...(plan === undefined ? {} : { plan }),
    ...(org === undefined ? {} : { org }),
    ...(tag === undefined ? {} : { tag }),
  };
}

/** The address of the list, filtered so. */
export function pathOf(filter: SimFilter): string {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) fields.set(name, String(value));
  return fields.size === 0 ? "/sims" : `/sims?${fields}`;
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
