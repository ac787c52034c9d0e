import assert from "node:assert/strict";
import { UnreachableError } from "../../provider/hologram/errors";
import { PROVIDER_TEXT } from "../../provider/resources/providerText";
import { CERTIFICATE, type Proxied, startProxied } from "../harness/account/proxy";
import { cards, PLAN, range, withFleet } from "../harness/provider/providerFleet";
import { urnOf } from "../harness/provider/providerHarness";
import { ProviderProcess, ROOT } from "../harness/provider/providerProcess";
import { clientOf, failureOf, JumpingClock, ORG } from "./support";

const inputs = { simRange: range(3), plan: PLAN, __provider: PROVIDER_TEXT, __urn: urnOf("fleet") };
const names = ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"] as const;

/** Preview and create in a provider process of its own; returns the ICCIDs that it held. */
async function activate(env: Readonly<Record<string, string>>): Promise<unknown> {
  const provider = await ProviderProcess.start(ROOT, "127.0.0.1:9", env);
  try {
    await provider.configure({});
    const { inputs: checked, failures } = await provider.check({}, inputs);
    assert.deepEqual(failures, []);
    assert.partialDeepStrictEqual(checked, { preview: { activate: 3 } });
    return (await provider.create(checked)).outputs.iccids;
  } finally {
    await provider.close();
  }
}

/** The environment of this process, for clients in it; what it was is put back. */
async function withEnvironment(
  env: Readonly<Record<string, string>>,
  work: () => Promise<void>,
): Promise<void> {
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) delete process.env[name];
  Object.assign(process.env, env);
  try {
    await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

async function withProxy(
  test: (proxied: Proxied, env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  await withFleet({}, async ({ emulator, environment }) => {
    const proxied = await startProxied(emulator.url);
    const { HOLOGRAM_API_KEY = "" } = environment;
    const account = { HOLOGRAM_API_KEY, HOLOGRAM_BASE_URL: proxied.accountUrl };
    try {
      await test(proxied, { ...account, NODE_EXTRA_CA_CERTS: CERTIFICATE });
    } finally {
      await proxied.close();
    }
  });
}

/** The failure of a read, which tries until its clock has jumped over every wait. */
async function failureAt(baseUrl: string): Promise<Error> {
  const clock = new JumpingClock();
  return failureOf(clientOf({ url: baseUrl }, { clock }).plans(ORG));
}

describe("proxies", () => {
  it("a fleet is previewed and activated through the proxy of HTTPS_PROXY", () =>
    withProxy(async ({ proxyUrl, tunnels, accountUrl }, env) => {
      assert.deepEqual(await activate({ ...env, HTTPS_PROXY: proxyUrl }), cards(3));
      assert.ok(tunnels.length > 1, "a claim has a tunnel of its own");
      assert.deepEqual([...new Set(tunnels)], [new URL(accountUrl).host]);
    }));

  it("and directly where NO_PROXY exempts the host", () =>
    withProxy(async ({ proxyUrl, tunnels, connections }, env) => {
      assert.deepEqual(
        await activate({ ...env, HTTPS_PROXY: proxyUrl, NO_PROXY: "example.com,0.0.0.0" }),
        cards(3),
      );
      assert.deepEqual(tunnels, []);
      assert.ok(connections() > 0);
    }));

  it("lower case counts, and a certificate that nobody trusts is named with what helps", () =>
    withProxy(async ({ proxyUrl, tunnels, accountUrl }) => {
      await withEnvironment({ https_proxy: proxyUrl }, async () => {
        const error = await failureAt(accountUrl);
        assert.ok(error instanceof UnreachableError && error.code === "DEPTH_ZERO_SELF_SIGNED_CERT");
        assert.match(
          error.message,
          /certificate is not trusted.*NODE_EXTRA_CA_CERTS.*The request had no effect\.$/,
        );
      });
      assert.ok(tunnels.length > 0);
      const before = tunnels.length;
      await withEnvironment({ https_proxy: proxyUrl, no_proxy: "0.0.0.0" }, async () => {
        assert.ok((await failureAt(accountUrl)) instanceof UnreachableError);
      });
      assert.equal(tunnels.length, before);
    }));

  it("this machine is never reached through one", () =>
    withFleet({}, async ({ emulator }) => {
      const proxied = await startProxied(emulator.url);
      await withEnvironment({ HTTPS_PROXY: proxied.proxyUrl }, async () => {
        const { apiKey, url } = emulator;
        const plans = await clientOf({ url }, { apiKey }).plans(emulator.orgId);
        assert.ok(plans.length > 0);
      });
      assert.deepEqual(proxied.tunnels, []);
      await proxied.close();
    }));

  it("one that refuses, or whose address is none, is named; nothing was sent", () =>
    withProxy(async ({ proxyUrl, accountUrl, answer, connections }) => {
      answer(407);
      await withEnvironment({ HTTPS_PROXY: proxyUrl }, async () => {
        assert.match(
          (await failureAt(accountUrl)).message,
          /407.*the proxy of HTTPS_PROXY does not let the request through/,
        );
      });
      await withEnvironment({ HTTPS_PROXY: "proxy without address" }, async () => {
        assert.match(
          (await failureAt(accountUrl)).message,
          /HTTPS_PROXY does not hold the address of a proxy/,
        );
      });
      assert.equal(connections(), 0);
    }));
});
