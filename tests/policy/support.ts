/** Hand-made arguments for a rule, as the policy host would hand them over: unknown values throw on being read. */
import assert from "node:assert/strict";
import * as policy from "@pulumi/policy";
import type { Preview } from "../../provider/fleet/plan/preview";
import { SIM_ACTIVATION_TYPE } from "../../provider/resources/providerText";

/** How the engine spells a text that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** One declared fleet: the properties as `check` leaves them, over those of a pack of 100 SIMs. */
export interface Declared {
  readonly name?: string;
  readonly type?: string;
  readonly protect?: boolean;
  readonly props?: Readonly<Record<string, unknown>>;
}

/** What came of it: the messages, or why the rule does not apply. */
export type Verdict = readonly string[] | { readonly notApplicable: string };

class NotApplicable extends Error {}

/** A preview that was read, of a fleet with nothing to do. */
export function told(change: Partial<Preview> = {}): Preview {
  const counts = { activate: 0, adopt: 0, resume: 0, changePlan: 0, changeLimits: 0, release: 0 };
  const costs = { monthlyCost: 60, monthlyCostBefore: 60, dueNow: 0 };
  return { ...counts, unchanged: 100, simCount: 100, ...costs, summary: "100 SIMs unchanged", ...change };
}

export const defaults = {
  simRange: "89445001021983048260-89445001021983049259",
  plan: 2096,
  zone: "global",
  orgId: 12345,
  adopt: "matching",
  onRelease: "keep",
  preview: told(),
};

/** Asks a resource rule about one fleet. */
export async function verdict(
  rule: policy.ResourceValidationPolicy,
  declared: Declared,
  config: object = {},
): Promise<Verdict> {
  const { validateResource } = rule;
  assert(typeof validateResource === "function");
  const { resource, common } = make(declared, config);
  return collect(async (report) => {
    await validateResource({ ...resource, ...common }, report);
  });
}

/** Asks a stack rule about all fleets of a stack. */
export function stackVerdict(
  rule: policy.StackValidationPolicy,
  declared: readonly Declared[],
  config: object = {},
): Promise<Verdict> {
  const { common } = make({}, config);
  const resources = declared.map((each) => ({
    ...make(each, config).resource,
    dependencies: [],
    propertyDependencies: {},
  }));
  return collect(async (report) => {
    await rule.validateStack({ ...common, resources }, report);
  });
}

function make(
  { name = "fleet", type = SIM_ACTIVATION_TYPE, protect = false, props }: Declared,
  config: object,
) {
  const isType = (resourceClass: object): boolean => Reflect.get(resourceClass, "__pulumiType") === type;
  const urn = `urn:pulumi:dev::fleets::${type}::${name}`;
  const timeouts = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };
  const opts = {
    protect,
    ignoreChanges: [],
    aliases: [],
    customTimeouts: timeouts,
    additionalSecretOutputs: [],
  };
  const resource = {
    name,
    type,
    urn,
    opts,
    props: guarded({ ...defaults, ...props }),
    isType,
    asType: never,
  };
  const common = {
    stackTags: new Map<string, string>(),
    getConfig: <T extends object>(): T => Object.assign(Object.create(null), config),
    notApplicable: (reason = ""): never => {
      throw new NotApplicable(reason);
    },
  };
  return { resource, common };
}

async function collect(ask: (report: policy.ReportViolation) => Promise<void>): Promise<Verdict> {
  const messages: string[] = [];
  try {
    await ask((message) => messages.push(message));
  } catch (error) {
    if (error instanceof NotApplicable) return { notApplicable: error.message };
    throw error;
  }
  return messages;
}

function never(): undefined {
  assert.fail("no rule needs asType");
}

/** Exported since 1.21, but not by the types. */
function guarded(props: Record<string, unknown>): Record<string, unknown> {
  const guard: unknown = Reflect.get(policy, "unknownCheckingProxy");
  assert(typeof guard === "function");
  const proxied: Record<string, unknown> = guard(props);
  if (Object.values(props).includes(UNKNOWN))
    assert.throws(() => Object.values(proxied), /known during preview/);
  return proxied;
}

/** Asserts on the one message: what, how many, the limit, how to change it, on one line. */
export function assertViolation(found: Verdict, ...parts: readonly string[]): void {
  assert(Array.isArray(found), JSON.stringify(found));
  assert.equal(found.length, 1, JSON.stringify(found));
  const message = String(found[0]);
  for (const part of parts) assert.ok(message.includes(part), `${part} is not in: ${message}`);
  assert.ok(message.length <= 300 && !message.includes("\n"), message);
}
