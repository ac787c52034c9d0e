/** The parts of the embedded engine that decide and convert, without any process. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { deletionWaves, dependents } from "../../../provider/testing/engine/decide/graph";
import type { ResourceState } from "../../../provider/testing/engine/engineContract";
import { resetPaths } from "../../../provider/testing/engine/protocol/paths";
import {
  containsSecret,
  equalValues,
  fromStruct,
  makeSecret,
  markSecretsLike,
  openSecrets,
  type PropertyMap,
  type PropertyValue,
  toStruct,
} from "../../../provider/testing/engine/protocol/propertyValues";
import { crypter } from "../../../provider/testing/engine/state/crypt";

function resource(urn: string, more: Partial<ResourceState> = {}): ResourceState {
  return {
    ...{ urn, type: "t", custom: true, inputs: {}, outputs: {}, dependencies: [], propertyDependencies: {} },
    ...{ initErrors: [], protect: false, retainOnDelete: false, external: false, delete: false },
    ...{ pendingReplacement: false, additionalSecretOutputs: [], ignoreChanges: [] },
    ...more,
  };
}

const { value: anyValue } = fc.letrec<{ value: PropertyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.string(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("value"), { maxKeys: 4 }).map((map) => ({ ...map })),
  ),
}));
const anyMap = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), anyValue, { maxKeys: 5 })
  .map((map): PropertyMap => ({ ...map }));

describe("values of the embedded engine", () => {
  it("survive protobuf", () => {
    fc.assert(fc.property(anyMap, (map) => assert.ok(equalValues(fromStruct(toStruct(map)), map))));
  });

  it("lose every secret mark when they are opened, and nothing else", () => {
    fc.assert(
      fc.property(anyMap, anyMap, (plain, hidden) => {
        const marked: PropertyMap = {
          plain,
          list: [makeSecret(hidden)],
          all: makeSecret({ inner: makeSecret(1) }),
        };
        const opened = openSecrets(marked);
        assert.equal(containsSecret(opened), false);
        assert.ok(equalValues(opened, { plain, list: [hidden], all: { inner: 1 } }));
      }),
    );
  });

  it("are secret again where an input of the same name was", () => {
    const inputs = {
      key: makeSecret("k"),
      list: ["a", makeSecret("b")],
      map: { in: makeSecret(1), out: 2 },
      open: "x",
    };
    assert.deepEqual(
      markSecretsLike({ key: "k", list: ["a", "b"], map: { in: 1, out: 2 }, open: "x", other: 1 }, inputs),
      {
        key: makeSecret("k"),
        list: makeSecret(["a", "b"]),
        map: { in: makeSecret(1), out: 2 },
        open: "x",
        other: 1,
      },
    );
  });

  it("are sealed under a passphrase, and opened by no other", () => {
    const keys = crypter("right");
    const map: PropertyMap = { list: [{ deep: makeSecret({ pin: "very-secret" }) }], plain: [1, 2] };
    const sealed = keys.seal(map);
    assert.equal(JSON.stringify(sealed).includes("very-secret"), false);
    assert.deepEqual(crypter("right", keys.salt).open(sealed), map);
    assert.throws(() => crypter("wrong", keys.salt).open(sealed), /passphrase/);
  });
});

describe("ignored paths", () => {
  const olds: PropertyMap = { a: 1, map: { in: "old", both: 1 }, list: [{ x: 1 }, { x: 2 }] };

  it("get their old values back, at every depth", () => {
    const news: PropertyMap = { a: 2, b: 3, map: { in: "new", both: 2 }, list: [{ x: 9 }, { x: 8 }] };
    assert.deepEqual(resetPaths(news, olds, ["a"]), { ...news, a: 1 });
    assert.deepEqual(resetPaths(news, olds, ["b"]), { a: 2, map: news.map, list: news.list });
    assert.deepEqual(resetPaths(news, olds, ["map.in", "list[1].x"]), {
      ...news,
      map: { in: "old", both: 2 },
      list: [{ x: 9 }, { x: 2 }],
    });
    assert.deepEqual(resetPaths(news, olds, ['map["in"]', "list[*].x"]), {
      ...news,
      map: { in: "old", both: 2 },
      list: olds.list,
    });
    assert.deepEqual(resetPaths(news, olds, ["*"]), olds);
  });

  it("leave the inputs alone where there is nothing to go back to", () => {
    const news: PropertyMap = { a: 1 };
    assert.deepEqual(resetPaths(news, {}, ["missing.deep", "list[3]"]), news);
  });
});

describe("the graph of a state", () => {
  const base = resource("base");
  const parent = resource("parent");
  const child = resource("child", { parent: "parent", dependencies: ["base"] });
  const leaf = resource("leaf", { propertyDependencies: { key: ["child"] } });

  it("deletes what depends on something before it, and the rest together", () => {
    const waves = deletionWaves([base, parent, child, leaf]);
    assert.deepEqual(
      waves.map((wave) => wave.map(({ urn }) => urn)),
      [["leaf"], ["child"], ["base", "parent"]],
    );
  });

  it("finds who refers to a resource, children only when they refer too", () => {
    const names = (root: ResourceState): string[] =>
      dependents(root, [base, parent, child, leaf], () => false).map(({ urn }) => urn);
    assert.deepEqual(names(base), ["child", "leaf"]);
    assert.deepEqual(names(parent), []);
  });
});
