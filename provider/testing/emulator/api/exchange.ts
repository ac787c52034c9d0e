/** One request from arrival to answer: written down, authenticated, spoiled by a fault where the script says so. */
import type { Account } from "../account/emulatedAccount";
import { noSuchMethod, Refusal } from "../account/refusal";
import type { Fault, FaultScript } from "../faults/faults";
import type { Timers } from "../faults/timers";
import type { SeenRequest } from "../records";
import { authenticate, type Credentials, permit } from "./auth";
import { Fields } from "./bodyFields";
import { claimOrganization, isLiveClaim } from "./claimRoutes";
import { withExtraSims, withoutSims, withState } from "./corruptAnswer";
import { failure } from "./editions";
import { type Answer, asksForPreview, type Call, type Route } from "./http";
import { refuseUnheeded } from "./requestForm";

/** A request before anybody looked at it. */
export interface Arrival {
  readonly seen: SeenRequest;
  readonly credentials: Credentials;
  readonly params: Readonly<Record<string, string>>;
  /** Absent where the API has no such endpoint. */
  readonly route: Route | undefined;
}

/** What goes back over the wire. */
export type Delivery =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "half"; readonly answer: Answer }
  | { readonly kind: "drop" }
  | { readonly kind: "hang" };

export interface Exchange {
  readonly account: Account;
  readonly faults: FaultScript;
  readonly timers: Timers;
}

export async function answer(exchange: Exchange, arrival: Arrival): Promise<Delivery> {
  const { account, faults } = exchange;
  const { method, path, query } = arrival.seen;
  const preview = asksForPreview(Fields.of(query));
  const fault = faults.pick({ method, path, preview });
  const answered = noteClaim(account, arrival);
  try {
    return fault === undefined ? plain(carryOut(account, arrival)) : await play(exchange, arrival, fault);
  } finally {
    answered();
  }
}

/** Carries the request out, once, and says what to answer. */
function carryOut(account: Account, arrival: Arrival, overrides: Overrides = {}): Answer {
  const { seen, route, params } = arrival;
  try {
    const key = authenticate(account, arrival.credentials);
    if (route === undefined) throw noSuchMethod();
    permit(key, route.need);
    refuseUnheeded(route, seen.query, seen.body, account.behaviour);
    const query = Fields.of(seen.query);
    account.visible(key, query.integer("orgid"));
    const { n, method, path } = seen;
    return route.handle({
      n,
      method,
      path,
      params,
      query,
      body: Fields.of(seen.body),
      key,
      refusals: overrides.refusals ?? new Map(),
      claim: overrides.claim ?? {},
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return failure(account, error.status, error.message, error.failures);
  }
}

/** What a fault makes of a request that is carried out. */
type Overrides = Partial<Pick<Call, "refusals" | "claim">>;

async function play(exchange: Exchange, arrival: Arrival, fault: Fault): Promise<Delivery> {
  const { account, faults, timers } = exchange;
  const commit = () => carryOut(account, arrival);
  switch (fault.kind) {
    case "refuse":
      return plain(carryOut(account, arrival, refusing(fault)));
    case "otherOrganization":
      return plain(carryOut(account, arrival, { claim: { orgId: fault.orgId } }));
    case "status": {
      if (fault.commit === true) commit();
      const { status, headers } = fault;
      const body = fault.body ?? failure(account, status, `Server answered ${status}`).body;
      return plain({ status, body, ...(headers === undefined ? {} : { headers }) });
    }
    case "rateLimit":
      return plain(rateLimited(account, fault.retryAfter));
    case "delay": {
      const delayed = commit();
      await timers.sleep(fault.milliseconds);
      return plain(delayed);
    }
    case "drop":
      if (fault.commit) commit();
      return { kind: "drop" };
    case "halfBody":
      return { kind: "half", answer: commit() };
    case "html": {
      if (fault.commit) commit();
      const body = `<html><head><title>${fault.status}</title></head><body><h1>${fault.status}</h1></body></html>`;
      return plain({ status: fault.status, body, headers: { "content-type": "text/html" } });
    }
    case "empty":
      if (fault.commit) commit();
      return plain({ status: 200, body: "" });
    case "wrongCount":
      return plain(withoutSims(commit(), fault.drop));
    case "extraSims":
      return plain(withExtraSims(account, commit(), fault.iccids));
    case "lateCommit":
      timers.later(fault.milliseconds, commit);
      return { kind: fault.hang === true ? "hang" : "drop" };
    case "hold": {
      const early = fault.commit === true ? commit() : undefined;
      await faults.hold();
      if (timers.closed) return { kind: "drop" };
      return plain(early ?? commit());
    }
    case "unknownState":
      return plain(withState(account, arrival.seen.method, commit(), fault.state));
  }
}

function refusing({ iccids, reason, rest, status }: Extract<Fault, { kind: "refuse" }>): Overrides {
  return {
    refusals: new Map(iccids.map((iccid) => [iccid, reason])),
    claim: {
      ...(rest === undefined ? {} : { partialClaims: rest === "claimed" ? "rest" : "allOrNothing" }),
      ...(status === undefined ? {} : { failureStatus: status }),
    },
  };
}

function rateLimited(account: Account, retryAfter: number | undefined): Answer {
  const words = "API rate limit exceeded";
  const body = account.behaviour.rateLimitBody === "text" ? words : failure(account, 429, words).body;
  return {
    status: 429,
    body,
    ...(retryAfter === undefined ? {} : { headers: { "retry-after": String(retryAfter) } }),
  };
}

function plain(given: Answer): Delivery {
  return { kind: "answer", answer: given };
}

/** Tells the judge of a live claim; what comes back is called when the claim has its answer. */
function noteClaim(account: Account, { seen, route, credentials }: Arrival): () => void {
  const none = () => {};
  if (route?.method !== "POST" || !/\/(bulk)?claim$/.test(route.path)) return none;
  const query = Fields.of(seen.query);
  if (!isLiveClaim(account, { query })) return none;
  try {
    const key = authenticate(account, credentials);
    return account.judge.claimArrives(
      claimOrganization(account, { query, body: Fields.of(seen.body), key, claim: {} }),
      seen.n,
    );
  } catch (error) {
    if (error instanceof Refusal) return none;
    throw error;
  }
}
