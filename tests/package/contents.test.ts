/** What is published: only what belongs there, and resolvable by every kind of program. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { pack, root, type Tarball } from "./tarball";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const directory = mkdtempSync(join(tmpdir(), "packed-"));
let tarball: Tarball;

describe("the package", () => {
  before(function packs() {
    this.timeout(120_000);
    tarball = pack(directory);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("has the provider, compiled and in source, its documentation and examples; nothing else", () => {
    const others = tarball.files.filter((path) => !/^((dist\/)?provider|docs|examples)\//.test(path));
    const pages = ["CHANGELOG.md", "CONTRIBUTING.md", "DESIGN.md", "README.md", "SECURITY.md"];
    assert.deepEqual(others, [...pages, "LICENSE", "package.json"].sort());
    const compiled = tarball.files.filter((path) => path.startsWith("dist/"));
    assert.deepEqual(
      compiled.filter((path) => !/\.(js|d\.ts|js\.map)$/.test(path)),
      [],
    );
    const notCompiled = tarball.files.filter((path) => path.startsWith("provider/") && !/\.tsx?$/.test(path));
    const asTheyAre = notCompiled.filter(
      (path) => !/^provider\/testing\/(emulator|engine)\/README\.md$/.test(path),
    );
    assert.deepEqual(asTheyAre, [
      ...["PulumiPolicy.yaml", "index.js", "package.json"].map((file) => `provider/policy/pack/${file}`),
      ...["icon.svg", "live.js", "page.css"].map((file) => `provider/testing/emulator/page/assets/${file}`),
      ...["control.yaml", "hologram-openapi.yaml"].map((file) => `provider/testing/emulator/spec/${file}`),
    ]);
  });

  it("has everything that its README links to", () => {
    const packed = new Set(tarball.files);
    const text = readFileSync(join(root, "README.md"), "utf8");
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].flatMap(([, path]) => path ?? []);
    assert.ok(linked.length > 5);
    assert.deepEqual(
      linked.filter((path) => !packed.has(path)),
      [],
    );
  });

  it("has nothing compiled whose source is gone, and everything compiled that a source map points to", () => {
    const packed = new Set(tarball.files);
    for (const path of tarball.files.filter((each) => each.startsWith("dist/"))) {
      const source = path.replace(/^dist\//, "").replace(/(\.js|\.d\.ts|\.js\.map)$/, ".ts");
      assert.ok(
        packed.has(source) || packed.has(`${source}x`),
        `${path} has no source: build from a clean dist`,
      );
    }
    for (const source of tarball.files.filter((each) => /^provider\/.*\.tsx?$/.test(each))) {
      for (const ending of [".js", ".d.ts", ".js.map"]) {
        const path = `dist/${source.replace(/\.tsx?$/, ending)}`;
        assert.ok(packed.has(path), `${path} is missing`);
      }
    }
  });

  it("has no word of the machine that built it, and no key", () => {
    for (const path of tarball.files) {
      const text = readFileSync(join(root, path), "utf8");
      assert.ok(!text.includes(root), `${path} names the folder it was built in`);
      assert.ok(!/npm_[A-Za-z0-9]{36}/.test(text), `${path} holds a token`);
    }
  });

  it("is small: under 1.25 MB to download", () => {
    assert.ok(tarball.size < 1_250_000, `${tarball.size} bytes`);
  });

  it("has every file that its manifest names", () => {
    const packed = new Set(tarball.files.map((path) => `./${path}`));
    const named = (value: unknown): string[] => {
      if (typeof value === "string") return [value];
      return typeof value === "object" && value !== null ? Object.values(value).flatMap(named) : [];
    };
    const { main, types, exports, typesVersions, bin } = manifest;
    for (const path of named([
      main,
      types,
      exports,
      typesVersions,
      Object.values(bin).map((each) => `./${each}`),
    ])) {
      assert.ok(packed.has(path), path);
    }
  });

  it("names the command as a script that a shell can start", () => {
    const command = readFileSync(join(root, manifest.bin["pulumi-hologram"]), "utf8");
    assert.ok(command.startsWith("#!/usr/bin/env node\n"));
  });

  it("needs nothing at run time that is only a development dependency", () => {
    const allowed = new Set([
      "pulumi-hologram",
      ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    ]);
    const sources = tarball.files.filter(
      (path) => /^dist\/provider\/.*\.js$/.test(path) || path.endsWith("pack/index.js"),
    );
    for (const path of sources) {
      const text = readFileSync(join(root, path), "utf8");
      for (const [, name = ""] of text.matchAll(/(?:require|import)\("([^"]+)"\)/g)) {
        if (isBuiltin(name) || name.startsWith(".")) continue;
        const module = name
          .split("/")
          .slice(0, name.startsWith("@") ? 2 : 1)
          .join("/");
        assert.ok(allowed.has(module), `${path} loads ${name}`);
      }
    }
  });

  it("is published with provenance, for everybody", () => {
    assert.deepEqual(manifest.publishConfig, { access: "public", provenance: true });
    assert.equal(manifest.private, undefined);
    assert.ok(existsSync(join(root, "LICENSE")));
  });

  it("is clean for publint", async function lint() {
    this.timeout(60_000);
    const data = readFileSync(tarball.path);
    const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
    const { messages, pkg } = await publint({ pkgDir: "package", strict: true, pack: { tarball: bytes } });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg)),
      [],
    );
  });

  it("has types that are right for CommonJS, ES modules and bundlers, also with the old resolution", async function types() {
    this.timeout(120_000);
    const result = await checkPackage(createPackageFromTarballData(readFileSync(tarball.path)));
    assert.ok(result.types, "no types");
    assert.deepEqual(Object.keys(result.entrypoints).sort(), [
      ".",
      "./dynamic",
      "./package.json",
      "./policy",
      "./testing",
    ]);
    assert.deepEqual(result.problems, []);
  });
});
