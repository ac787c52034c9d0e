import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { isLoopback } from "./baseUrl";

/** The connections that a process shares: one set that is kept open, and one that is closed after each request. */
export interface Connections {
  readonly kept: Dispatcher;
  readonly single: Dispatcher;
}

/**
 * The connections to an address, through the proxy that `HTTPS_PROXY` names, unless `NO_PROXY` exempts the host; lower
 * case counts too. This machine is never reached through a proxy. Certificates that a proxy or a company puts in between
 * are Node's matter: `NODE_EXTRA_CA_CERTS`. Throws a `TypeError` where `HTTPS_PROXY` is no address.
 */
export function connectionsTo(address: string): Connections {
  const proxy = isLoopback(new URL(address).hostname) ? undefined : proxyOf(process.env);
  const known = shared.get(proxy);
  if (known !== undefined) return known;
  const made = proxy === undefined ? direct() : throughProxy(proxy);
  shared.set(proxy, made);
  return made;
}

/** As `HTTPS_PROXY` or `https_proxy` says; undefined where neither names one. */
export function proxyOf(environment: NodeJS.ProcessEnv): string | undefined {
  return environment.https_proxy?.trim() || environment.HTTPS_PROXY?.trim() || undefined;
}

/** By proxy. Idle sockets of undici do not keep the process alive, so nobody has to close these. */
const shared = new Map<string | undefined, Connections>();

const CONNECT_TIMEOUT_MS = 10_000;

function direct(): Connections {
  const connect = { timeout: CONNECT_TIMEOUT_MS };
  return { kept: new Agent({ connect }), single: new Agent({ connect, pipelining: 0 }) };
}

/** Without `HTTP_PROXY`, which undici would take for https too: to other machines nothing is sent by plain http. */
function throughProxy(httpsProxy: string): Connections {
  const options = { httpsProxy, httpProxy: "", connectTimeout: CONNECT_TIMEOUT_MS };
  return {
    kept: new EnvHttpProxyAgent(options),
    single: new EnvHttpProxyAgent({ ...options, pipelining: 0 }),
  };
}
