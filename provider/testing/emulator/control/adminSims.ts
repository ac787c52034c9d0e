/** The SIMs of an account as the account knows them: every one, page by page, and what states they are put into. */
import { z } from "zod";
import type { Emulator } from "../contract";
import type { SimSnapshot } from "../records";
import { type AdminRoute, iccidForm, readForm } from "./adminRoute";

const LARGEST_PAGE = 1000;

const pageForm = z.strictObject({
  /** Only SIMs in this state. */
  state: z.string().exactOptional(),
  orgId: z.coerce.number().int().exactOptional(),
  /** So many SIMs are passed over. */
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(100),
});

export const simRoutes: readonly AdminRoute[] = [
  {
    method: "GET",
    path: "sims",
    handle: (emulator, { query }) => pageOf(emulator, readForm(pageForm, query)),
  },
  { method: "GET", path: "sims/{iccid}", handle: (emulator, { params }) => emulator.sim(iccidOf(params)) },
  {
    method: "PUT",
    path: "sims/{iccid}",
    handle: (emulator, { params, body }) => {
      const iccid = iccidOf(params);
      emulator.setState(iccid, readForm(z.strictObject({ state: z.string().min(1) }), body).state);
      return emulator.sim(iccid);
    },
  },
  {
    method: "POST",
    path: "sims/{iccid}/profiles",
    handle: (emulator, { params, body }) => {
      const setup = readForm(profileForm, body);
      emulator.addProfile(iccidOf(params), setup);
      return emulator.sim(setup.iccid);
    },
  },
];

const profileForm = z.strictObject({
  iccid: iccidForm,
  state: z.string().min(1).exactOptional(),
  profileState: z.enum(["DOWNLOADED", "ENABLED", "DISABLED"]).exactOptional(),
});

function pageOf(emulator: Emulator, { state, orgId, offset, limit }: z.output<typeof pageForm>) {
  const sims: SimSnapshot[] = [];
  let count = 0;
  for (const sim of emulator.eachSim()) {
    if ((state ?? sim.state) !== sim.state || (orgId ?? sim.orgId) !== sim.orgId) continue;
    if (count >= offset && sims.length < limit) sims.push(sim);
    count += 1;
  }
  return { count, sims };
}

function iccidOf({ iccid = "" }: Readonly<Record<string, string>>): string {
  return readForm(iccidForm, iccid);
}
