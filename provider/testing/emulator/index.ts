/**
 * A Hologram account on this machine: the endpoints of the REST API over HTTP on loopback, with inventory, plans,
 * organizations, keys, a ledger in which every charge names its SIM, and a script of faults.
 */
import { systemClock } from "../../util/clock";
import { Account } from "./account/account";
import { dollars } from "./account/activation";
import { Fields } from "./api/bodyFields";
import { catalogueRoutes } from "./api/catalogue";
import { changeRoutes } from "./api/changes";
import { claimRoutes } from "./api/claims";
import { asksForPreview } from "./api/http";
import { limitRoutes } from "./api/limits";
import { listingRoutes } from "./api/listings";
import { moveRoutes } from "./api/moves";
import { planRoutes } from "./api/planChanges";
import { BASE_PATH, listen, portOf, stop } from "./api/server";
import { tagRoutes } from "./api/tags";
import type { Emulator, EmulatorOptions, SeenRequest } from "./contract";
import * as steering from "./control/testControls";
import { defaultBehaviour } from "./faults/behaviour";
import { FaultScript } from "./faults/faults";
import { Timers } from "./faults/timers";
import { loadAccount, saveAccount } from "./storage/storage";

export type { Clock } from "../../util/clock";
export type { Judgement } from "./account/judge";
export type * from "./contract";
export { type Behaviour, defaultBehaviour, type Edition } from "./faults/behaviour";
export type { Fault, FaultRule, PlantedFault } from "./faults/faults";

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
  else steering.setUp(account, options.account ?? steering.defaultAccount);

  const save = () => {
    if (stateFile !== undefined && account.changed) saveAccount(stateFile, account, faults);
    account.changed = false;
  };
  save();
  /** Does something to the account and writes it down. */
  const change = <T>(work: () => T): T => {
    try {
      return work();
    } finally {
      save();
    }
  };

  const requests: SeenRequest[] = [];
  // A late commit has nobody to report to: it is kept until somebody asks whether all is done.
  let failed: { readonly error: unknown } | undefined;
  const timers = new Timers(clock, save, (error) => {
    failed ??= { error };
  });
  const routes = [
    ...claimRoutes(account),
    ...listingRoutes(account),
    ...changeRoutes(account),
    ...planRoutes(account),
    ...limitRoutes(account),
    ...moveRoutes(account),
    ...tagRoutes(account),
    ...catalogueRoutes(account),
  ];
  const watcher = { requests, arrived: (seen: SeenRequest) => void requests.push(seen), dealtWith: save };
  const server = await listen({ account, faults, timers }, routes, watcher, { port, host });
  const bound = portOf(server);

  return {
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
    faults,
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
    knows: (iccid) => steering.knows(account, iccid),
    sim: (iccid) => steering.snapshot(account, steering.find(account, iccid)),
    sims: () =>
      account.inventory.packs.flatMap((pack) =>
        Array.from({ length: pack.count }, (_, index) => steering.snapshot(account, pack.row(index))),
      ),
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
}
