/**
 * A Hologram account on this machine: the endpoints of the REST API over HTTP on loopback, with inventory, plans,
 * organizations, keys, a ledger in which every charge names its SIM, and a script of faults.
 */
import { systemClock } from "../../util/clock";
import { dollars } from "./account/activation";
import { defaultBehaviour } from "./account/behaviour";
import { Account } from "./account/emulatedAccount";
import { Fields } from "./api/bodyFields";
import { asksForPreview } from "./api/http";
import { apiRoutes } from "./api/routes";
import { BASE_PATH, listen, type Neighbours, portOf, stop, type Watcher } from "./api/server";
import type { Emulator, EmulatorOptions, PageHandler } from "./contract";
import { AccountEvents } from "./control/accountEvents";
import { ADMIN_PATH, answerAdmin } from "./control/adminApi";
import { dashboardOf } from "./control/dashboardActions";
import * as steering from "./control/testControls";
import { FaultScript } from "./faults/faults";
import { Timers } from "./faults/timers";
import type { PageHost } from "./page/pageHost";
import type { SeenRequest } from "./records";
import { loadAccount, saveAccount } from "./storage/storage";

export type { Clock } from "../../util/clock";
export { type Behaviour, defaultBehaviour, type Edition } from "./account/behaviour";
export type { Judgement } from "./account/judge";
export type * from "./accountSetup";
export type * from "./contract";
export type { AccountEvent, AccountListener } from "./control/accountEvents";
export { type AccountFile, readAccountFile, readStart, type StartTexts } from "./control/accountFile";
export type * from "./control/dashboard";
export type { Fault, FaultRule, Faults, PlantedFault } from "./faults/faults";
export type * from "./records";

/** Starts an account. Fails when the port is taken, the host is not loopback, or the state file is not one. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, host = "127.0.0.1", stateFile, clock = systemClock, seed = 1 } = options;
  const account = new Account({ ...defaultBehaviour, ...options.behaviour }, clock);
  const touch = () => {
    account.changed = true;
  };
  const faults = new FaultScript(seed, touch);
  const loaded = stateFile !== undefined && loadAccount(stateFile, account, faults);
  if (loaded) Object.assign(account.behaviour, options.behaviour);
  else {
    steering.setUp(account, options.account ?? steering.defaultAccount);
    for (const rule of options.faults ?? []) faults.add(rule);
  }

  const save = () => {
    if (stateFile !== undefined && account.changed) saveAccount(stateFile, account, faults);
    account.changed = false;
  };
  save();
  const events = new AccountEvents(account);
  const writeDown = () => {
    events.tellChanges();
    save();
  };
  /** Does something to the account, writes it down and tells it. */
  const change = <T>(work: () => T): T => {
    try {
      return work();
    } finally {
      writeDown();
    }
  };

  const requests: SeenRequest[] = [];
  // A late commit has nobody to report to: it is kept until somebody asks whether all is done.
  let failed: { readonly error: unknown } | undefined;
  const timers = new Timers(clock, writeDown, (error) => {
    failed ??= { error };
  });
  const watcher: Watcher = {
    arrived: (request) => {
      requests.push(request);
      events.tell({ kind: "request", request });
    },
    dealtWith: writeDown,
    answered: (request) => events.tell({ kind: "answer", request }),
  };
  let page: PageHandler = () => new Response("Not found", { status: 404 });
  const neighbours: Neighbours = {
    adminPath: ADMIN_PATH,
    admin: (credentials, request) => change(() => answerAdmin(emulator, account, credentials, request)),
    page: (request) => page(request),
  };
  const exchange = { account, faults, timers };
  const served = { exchange, routes: apiRoutes(account), watcher, neighbours };
  const server = await listen(served, { port, host });
  const bound = portOf(server);

  const emulator: Emulator = {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}${BASE_PATH}`,
    port: bound,
    get orgId() {
      return steering.firstOrganization(account);
    },
    get apiKey() {
      const orgId = steering.firstOrganization(account);
      const admin = [...account.keys.values()].find(
        (key) => key.role === "admin" && key.orgIds.includes(orgId),
      );
      if (admin === undefined) throw new Error(`The account has no admin key of organization ${orgId}.`);
      return admin.key;
    },
    requests,
    ledger: account.ledger,
    behaviour: account.behaviour,
    faults: {
      add: (rule) => change(() => faults.add(rule)),
      clear: () => change(() => faults.clear()),
      list: () => faults.list(),
      release: () => change(() => faults.release()),
      get held() {
        return faults.held;
      },
    },
    writes: () => requests.filter((seen) => seen.method !== "GET" && !asksForPreview(Fields.of(seen.query))),
    clearRequests: () => void requests.splice(0),
    addOrganization: (setup) => change(() => account.addOrganization(setup)),
    addKey: (setup) => change(() => steering.addKey(account, setup)),
    addPlan: (setup) => change(() => steering.addPlan(account, setup)),
    addPack: (setup) => change(() => steering.addPack(account, setup)),
    activateByHand: (iccids, terms) => change(() => steering.activateByHand(account, iccids, terms)),
    setState: (iccid, state) => change(() => steering.setState(account, iccid, state)),
    move: (iccid, orgId) => change(() => steering.move(account, iccid, orgId)),
    swapProfile: (iccid, newIccid) => change(() => steering.swapProfile(account, iccid, newIccid)),
    addProfile: (iccid, setup) => change(() => steering.addProfile(account, iccid, setup)),
    knows: (iccid) => steering.knows(account, iccid),
    sim: (iccid) => steering.snapshot(account, steering.find(account, iccid)),
    sims: () => [...steering.eachSim(account)],
    eachSim: () => steering.eachSim(account),
    get simCount() {
      return account.inventory.packs.reduce((sum, pack) => sum + pack.count, 0);
    },
    organizations: () =>
      [...account.organizations.values()]
        .map(({ balance, ...organization }) => ({ ...organization, balance: dollars(balance) }))
        .sort((a, b) => a.id - b.id),
    plans: () => [...account.plans.values()].sort((a, b) => a.id - b.id),
    keys: () => [...account.keys.values()],
    tags: () =>
      [...account.tags.values()]
        .map((tag) => ({ ...tag, deviceIds: [...tag.deviceIds] }))
        .sort((a, b) => a.id - b.id),
    dashboard: dashboardOf(account, change),
    subscribe: (listener) => events.subscribe(listener),
    balance: (orgId) => dollars(account.organization(orgId ?? steering.firstOrganization(account)).balance),
    judgement: () => account.judge.judgement(account.ledger),
    async idle() {
      await timers.idle();
      if (failed !== undefined) throw failed.error;
    },
    async close() {
      timers.close();
      save();
      await stop(server);
    },
  };
  page = options.page?.(emulator) ?? accountPage({ emulator, account });
  return emulator;
}

/** Loaded when somebody looks: most programs that start an account never do. */
function accountPage(host: PageHost): PageHandler {
  let opened: Promise<PageHandler> | undefined;
  const open = async () => (await import("./page/index.js")).openPage(host);
  return async (request) => {
    opened ??= open();
    return (await opened)(request);
  };
}
