/**
 * What an emulator that runs as a process of its own can be asked and told, beside the API: judgement, ledger, requests,
 * faults, behaviour, and what a person does in the dashboard. Admin keys only. It is described in `spec/control.yaml`.
 */
import type { z } from "zod";
import type { Account } from "../account/emulatedAccount";
import { Refusal } from "../account/refusal";
import { authenticate, type Credentials, permit } from "../api/auth";
import { type Answer, ok } from "../api/http";
import type { Emulator } from "../contract";
import { behaviourForm, faultRuleForm } from "../faults/faultForms";
import { dashboardRoutes } from "./adminDashboard";
import { type AdminRoute, readForm } from "./adminRoute";
import { simRoutes } from "./adminSims";
import { keyForm, organizationForm, packForm, planForm } from "./setupForms";

export const ADMIN_PATH = "/emulator";

/** One request: the path below `ADMIN_PATH`, without a slash at its beginning. */
export interface AdminRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Every endpoint, as the specification has them. */
export const adminRoutes: readonly AdminRoute[] = [
  read("judgement", (emulator) => emulator.judgement()),
  read("ledger", (emulator) => emulator.ledger),
  read("requests", (emulator) => emulator.requests),
  {
    method: "DELETE",
    path: "requests",
    handle: (emulator) => {
      emulator.clearRequests();
      return null;
    },
  },
  read("behaviour", (emulator) => emulator.behaviour),
  {
    method: "PUT",
    path: "behaviour",
    handle: (emulator, { body }) => Object.assign(emulator.behaviour, readForm(behaviourForm.strict(), body)),
  },
  read("faults", (emulator) =>
    emulator.faults
      .list()
      .map(({ rule, ...counts }) => ({ rule: { ...rule, path: shown(rule.path) }, ...counts })),
  ),
  {
    method: "POST",
    path: "faults",
    handle: (emulator, { body }) => {
      emulator.faults.add(readForm(faultRuleForm.strict(), body));
      return emulator.faults.list().length;
    },
  },
  {
    method: "DELETE",
    path: "faults",
    handle: (emulator) => {
      emulator.faults.clear();
      return 0;
    },
  },
  {
    method: "POST",
    path: "release",
    handle: (emulator) => {
      emulator.faults.release();
      return null;
    },
  },
  read("account", (emulator) => ({
    organizations: emulator.organizations(),
    plans: emulator.plans(),
    tags: emulator.tags(),
    simCount: emulator.simCount,
  })),
  add("organizations", organizationForm, (emulator, setup) => emulator.addOrganization(setup)),
  add("keys", keyForm, (emulator, setup) => emulator.addKey(setup) ?? null),
  add("plans", planForm, (emulator, setup) => emulator.addPlan(setup) ?? null),
  add("packs", packForm, (emulator, setup) => {
    const iccids = emulator.addPack(setup);
    return { first: iccids[0], last: iccids.at(-1), count: iccids.length };
  }),
  ...simRoutes,
  ...dashboardRoutes,
];

/** Answers a request in the envelope of the API. */
export function answerAdmin(
  emulator: Emulator,
  account: Account,
  credentials: Credentials,
  request: AdminRequest,
): Answer {
  try {
    permit(authenticate(account, credentials), "admin");
    for (const route of adminRoutes) {
      const params = route.method === request.method ? match(route.path, request.path) : undefined;
      if (params !== undefined) return ok(route.handle(emulator, { ...request, params }));
    }
    throw new Refusal(404, `The control interface has no ${request.method} ${request.path}`);
  } catch (error) {
    // What the account cannot do is said in a sentence: no such SIM, no such plan.
    const status = error instanceof Refusal ? error.status : 400;
    if (!(error instanceof Error)) throw error;
    return { status, body: { success: false, error: error.message } };
  }
}

function read(path: string, show: (emulator: Emulator) => unknown): AdminRoute {
  return { method: "GET", path, handle: (emulator) => show(emulator) };
}

function add<T>(
  path: string,
  form: z.ZodType<T>,
  work: (emulator: Emulator, setup: T) => unknown,
): AdminRoute {
  return { method: "POST", path, handle: (emulator, { body }) => work(emulator, readForm(form, body)) };
}

/** The named parts of a path such as `sims/{iccid}`; undefined where it is another path. */
function match(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [place, step] of wanted.entries()) {
    const value = given[place] ?? "";
    const [, name] = /^\{(\w+)\}$/.exec(step) ?? [];
    if (name !== undefined) params[name] = decodeURIComponent(value);
    else if (step !== value) return undefined;
  }
  return params;
}

/** JSON knows no expressions. */
function shown(path: string | RegExp | undefined) {
  return path instanceof RegExp ? { expression: path.source, flags: path.flags } : path;
}
