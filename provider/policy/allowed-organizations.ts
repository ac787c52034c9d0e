import { z } from "zod";
import { definePolicy } from "./definePolicy";

/**
 * Stops fleets in organizations that the stack has no business in: SIMs that are activated in the wrong one are charged
 * there, and move only by a transfer.
 *
 * A fleet that names no organization is judged by the one that the preview resolved for it. Where that could not be
 * read (no key, no network), the fleet is in violation: declare `orgId`. One that is known only during the update is
 * judged then, before anything is sent.
 *
 * Level: mandatory.
 *
 * @example Policy configuration
 * ```json
 * { "allowed-organizations": { "organizations": [12345] } }
 * ```
 */
export const allowedOrganizations = definePolicy({
  name: "allowed-organizations",
  description: "Fleets belong to allowed organizations only.",
  level: "mandatory",
  config: z.object({
    organizations: z.array(z.int()).describe("Ids of the organizations that may own fleets."),
  }),
  judge: (fleet, { organizations }) => {
    const orgId = fleet.input("orgId");
    const allowed = organizations.join(", ") || "none";
    if (typeof orgId === "number") {
      if (organizations.includes(orgId)) return undefined;
      return (
        `"${fleet.name}" belongs to organization ${orgId}; allowed: ${allowed}. ` +
        "Declare one of these as orgId, or add it to organizations of the policy allowed-organizations."
      );
    }
    // Whichever input is unknown leaves the organization unresolved; the update resolves it and asks again.
    if (fleet.preview.kind === "later") return undefined;
    return (
      `the organization of "${fleet.name}" is not known; allowed: ${allowed}. ` +
      "Declare one of these as orgId, or preview with a key that tells."
    );
  },
});
