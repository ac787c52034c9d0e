/** What a person does in the dashboard, for programs in any language: `POST /emulator/dashboard/<action>`. */
import { z } from "zod";
import { type AdminRoute, iccidForm, readForm } from "./adminRoute";
import type { Dashboard } from "./dashboard";

const id = z.int().min(1);
const limit = z.int().min(-1);
const iccids = z.array(iccidForm).min(1);
const named = z.strictObject({ iccids });
const terms = { plan: id, zone: z.string().min(1) };

export const dashboardRoutes: readonly AdminRoute[] = [
  action(
    "activate",
    z.strictObject({
      iccids,
      ...terms,
      orgId: id.exactOptional(),
      overageLimit: limit.exactOptional(),
      threshold: limit.exactOptional(),
      smsLimit: limit.exactOptional(),
      tagId: id.exactOptional(),
    }),
    (dashboard, { iccids: sims, ...given }) => dashboard.activate(sims, given),
  ),
  action("pause", named, (dashboard, given) => dashboard.pause(given.iccids)),
  action("resume", named, (dashboard, given) => dashboard.resume(given.iccids)),
  action("deactivate", named, (dashboard, given) => dashboard.deactivate(given.iccids)),
  action(
    "changePlan",
    z.strictObject({ iccids, ...terms, overageLimit: limit.exactOptional() }),
    (dashboard, { iccids: sims, ...given }) => dashboard.changePlan(sims, given),
  ),
  action(
    "setLimits",
    z.strictObject({
      iccids,
      overageLimit: limit.exactOptional(),
      threshold: limit.exactOptional(),
      smsLimit: limit.exactOptional(),
    }),
    (dashboard, { iccids: sims, ...given }) => dashboard.setLimits(sims, given),
  ),
  action("tag", z.strictObject({ iccids, name: z.string().min(1) }), (dashboard, given) =>
    dashboard.tag(given.iccids, given.name),
  ),
  action("untag", z.strictObject({ iccids, name: z.string().min(1) }), (dashboard, given) =>
    dashboard.untag(given.iccids, given.name),
  ),
  action("move", z.strictObject({ iccids, orgId: id }), (dashboard, given) =>
    dashboard.move(given.iccids, given.orgId),
  ),
  action("swapProfile", z.strictObject({ iccid: iccidForm, newIccid: iccidForm }), (dashboard, given) =>
    dashboard.swapProfile(given.iccid, given.newIccid),
  ),
  action(
    "addCards",
    z.strictObject({ iccids, orgId: id.exactOptional(), listed: z.boolean().exactOptional() }),
    (dashboard, { iccids: sims, ...given }) => dashboard.addCards(sims, given),
  ),
  action("setPrice", z.strictObject({ ...terms, amount: z.string() }), (dashboard, given) =>
    dashboard.setPrice(given.plan, given.zone, given.amount),
  ),
  action("setBalance", z.strictObject({ orgId: id, balance: z.string() }), (dashboard, given) =>
    dashboard.setBalance(given.orgId, given.balance),
  ),
];

function action<T>(
  name: keyof Dashboard,
  form: z.ZodType<T>,
  work: (dashboard: Dashboard, given: T) => unknown,
): AdminRoute {
  return {
    method: "POST",
    path: `dashboard/${name}`,
    handle: ({ dashboard }, { body }) => work(dashboard, readForm(form, body)) ?? null,
  };
}
