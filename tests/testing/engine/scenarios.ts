/** Named scenarios that both engines go through: what is declared and what is in the way, operation by operation. */
import type { OperationOptions, StackHandle } from "../../../provider/testing/engine";
import type { Declaration } from "../../harness/programs/tiny/program";
import type { World } from "../../harness/programs/tiny/world";

interface Operation {
  readonly run: "preview" | "up" | "refresh" | "destroy";
  /** Default: what the operation before declared. */
  readonly declare?: readonly Declaration[];
  /** Changes the world behind the provider's back before the operation. */
  readonly world?: (world: World) => void;
  /** With the preview phase as well; the others leave it out to save time. */
  readonly bothPhases?: boolean;
  readonly config?: Parameters<StackHandle["setConfig"]>[0];
  readonly options?: OperationOptions;
}

export interface Scenario {
  readonly name: string;
  readonly operations: readonly Operation[];
}

const thing = (inputs: Record<string, unknown> = {}, more: Partial<Declaration> = {}): Declaration => ({
  name: "one",
  inputs: { color: "red", ...inputs },
  ...more,
});

export const scenarios: readonly Scenario[] = [
  {
    name: "create, nothing to do, update, destroy",
    operations: [
      { run: "preview", declare: [thing()] },
      { run: "up", bothPhases: true },
      { run: "up", bothPhases: true },
      { run: "up", declare: [thing({ color: "blue" })] },
      { run: "destroy", bothPhases: true },
    ],
  },
  {
    name: "replace: create, then delete",
    operations: [
      { run: "up", declare: [thing()] },
      { run: "up", declare: [thing({ key: "b" })], bothPhases: true },
    ],
  },
  {
    name: "replace: delete first, with a dependent",
    operations: [
      { run: "up", declare: [thing(), { name: "two", from: { key: ["one", "key"] } }] },
      {
        run: "up",
        declare: [thing({ key: "b", deleteFirst: true }), { name: "two", from: { key: ["one", "key"] } }],
        bothPhases: true,
      },
    ],
  },
  {
    name: "create ends part-way, then goes on",
    operations: [
      { run: "up", declare: [thing()], world: ({ faults }) => Object.assign(faults, { create: "partial" }) },
      { run: "up", bothPhases: true },
    ],
  },
  {
    name: "create fails, and is tried again",
    operations: [
      { run: "up", declare: [thing()], world: ({ faults }) => Object.assign(faults, { create: "error" }) },
      { run: "up" },
    ],
  },
  {
    name: "update ends part-way, keeps the old inputs, and is cleared by a refresh",
    operations: [
      { run: "up", declare: [thing()] },
      {
        run: "up",
        declare: [thing({ color: "blue" })],
        world: ({ faults }) => Object.assign(faults, { update: "partial" }),
      },
      { run: "refresh" },
      { run: "up" },
    ],
  },
  {
    name: "delete fails, and is tried again",
    operations: [
      { run: "up", declare: [thing()] },
      { run: "up", declare: [], world: ({ faults }) => Object.assign(faults, { delete: "error" }) },
      { run: "destroy" },
    ],
  },
  {
    name: "rename with and without an alias, and a new parent",
    operations: [
      {
        run: "up",
        declare: [
          { name: "group", component: true },
          thing(),
          thing({ label: "two" }, { name: "two" }),
          thing({ label: "three" }, { name: "three" }),
        ],
      },
      {
        run: "up",
        declare: [
          { name: "group", component: true },
          thing({ label: "one" }, { name: "uno", options: { aliases: [{ name: "one" }] } }),
          thing({ label: "dos" }, { name: "dos" }),
          thing({ label: "tres" }, { name: "three", parent: "group" }),
        ],
        bothPhases: true,
      },
    ],
  },
  {
    name: "refresh with drift, and of what is gone",
    operations: [
      { run: "up", declare: [thing(), thing({ color: "red" }, { name: "two" })] },
      {
        run: "refresh",
        world: ({ things }) => {
          things["one/a"] = { ...things["one/a"], color: "green" };
          delete things["two/a"];
        },
        bothPhases: true,
      },
      { run: "up", bothPhases: true },
    ],
  },
  {
    name: "explicit provider and configuration",
    operations: [
      {
        run: "up",
        config: { "tiny:tone": "soft", "tiny:unused": { value: "hidden", secret: true } },
        declare: [
          { name: "mine", provider: { "tiny:tone": "loud" } },
          thing(),
          thing({}, { name: "two", useProvider: "mine" }),
        ],
        bothPhases: true,
      },
      {
        run: "up",
        config: { "tiny:tone": "softer" },
        declare: [
          { name: "mine", provider: { "tiny:tone": "louder" } },
          thing({ color: "blue" }),
          thing({ color: "blue" }, { name: "two", useProvider: "mine" }),
        ],
      },
      { run: "destroy" },
    ],
  },
  {
    name: "secret inputs and outputs",
    operations: [
      {
        run: "up",
        declare: [
          thing({ color: "hush" }, { secrets: ["color"] }),
          thing({ list: ["x", "y"] }, { name: "two", options: { additionalSecretOutputs: ["shade"] } }),
        ],
        bothPhases: true,
      },
      { run: "refresh" },
    ],
  },
  {
    name: "check refuses",
    operations: [
      { run: "up", declare: [thing({ invalid: true })], bothPhases: true },
      {
        run: "up",
        declare: [
          thing(),
          thing({ badColor: true, color: ["a", 1, { b: null }] }, { name: "two", dependsOn: ["one"] }),
        ],
      },
    ],
  },
  {
    name: "ignoreChanges, replaceOnChanges and protect",
    operations: [
      { run: "up", declare: [thing({ engineDiff: true })] },
      {
        run: "up",
        declare: [thing({ engineDiff: true, color: "blue" }, { options: { ignoreChanges: ["color"] } })],
      },
      {
        run: "up",
        declare: [
          thing(
            { engineDiff: true, color: "blue" },
            { options: { replaceOnChanges: ["color"], protect: true } },
          ),
        ],
        bothPhases: true,
      },
      { run: "up", declare: [thing({ engineDiff: true, key: "b" }, { options: { protect: true } })] },
      { run: "destroy" },
    ],
  },
  {
    name: "a provider whose configuration is not known in the preview",
    operations: [
      {
        run: "up",
        declare: [
          thing(),
          { name: "mine", provider: {}, from: { "tiny:tone": ["one", "tone"] } },
          thing({}, { name: "two", useProvider: "mine" }),
        ],
        config: { "tiny:tone": "soft" },
        bothPhases: true,
      },
    ],
  },
  {
    name: "order of deletion, retainOnDelete and deletedWith",
    operations: [
      {
        run: "up",
        declare: [
          thing(),
          thing({}, { name: "two", options: { retainOnDelete: true } }),
          thing({}, { name: "three", deletedWith: "one" }),
          thing({}, { name: "four", dependsOn: ["two"] }),
        ],
      },
      { run: "destroy", world: ({ faults }) => Object.assign(faults, { delete: "error" }) },
      { run: "destroy" },
    ],
  },
  {
    name: "what is only read, and a refresh that fails",
    operations: [
      {
        run: "up",
        declare: [thing({}, { name: "seen", get: "found/a" })],
        world: ({ things }) => Object.assign(things, { "found/a": { color: "white", key: "a" } }),
        bothPhases: true,
      },
      { run: "refresh", world: ({ faults }) => Object.assign(faults, { read: "error" }) },
      { run: "destroy" },
    ],
  },
  {
    name: "hidden inputs that check adds reach the next check, and a replacement begins without any",
    operations: [
      { run: "up", declare: [thing({ counts: true })], bothPhases: true },
      { run: "up", bothPhases: true },
      { run: "up", declare: [thing({ counts: true, color: "blue" })], bothPhases: true },
      { run: "up", declare: [thing({ counts: true, key: "b" })], bothPhases: true },
      { run: "up", bothPhases: true, options: { replace: [thingUrn("one")] } },
      { run: "up", declare: [thing({ counts: true, key: "b" }, { name: "two" })], bothPhases: true },
      { run: "destroy" },
    ],
  },
  {
    name: "hidden inputs after a part-way create and update, and after a read that returns inputs",
    operations: [
      {
        run: "up",
        declare: [thing({ counts: true })],
        world: ({ faults }) => Object.assign(faults, { create: "partial" }),
      },
      { run: "up", bothPhases: true },
      {
        run: "up",
        declare: [thing({ counts: true, color: "blue" })],
        world: ({ faults }) => Object.assign(faults, { update: "partial" }),
      },
      { run: "up", bothPhases: true },
      { run: "refresh", world: ({ things }) => Object.assign(things["one/a"] ?? {}, { readsInputs: true }) },
      { run: "up", bothPhases: true },
    ],
  },
];

function thingUrn(name: string): string {
  return `urn:pulumi:dev::test::pulumi-nodejs:dynamic/tiny:Thing::${name}`;
}
