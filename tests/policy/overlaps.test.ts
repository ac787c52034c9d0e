import assert from "node:assert/strict";
import fc from "fast-check";
import { noOverlappingSelections } from "../../provider/policy";
import { assertViolation, type Declared, stackVerdict, UNKNOWN } from "./support";

const FIRST = 89445001021983048260n;
const number = (place: number): string => `${FIRST + BigInt(place)}`;
const range = (name: string, from: number, to: number): Declared => {
  return { name, props: { simRange: `${number(from)}-${number(to)}` } };
};
const list = (name: string, places: readonly number[], as = "sims"): Declared => {
  return { name, props: { simRange: undefined, [as]: places.map(number) } };
};
const ask = (...fleets: Declared[]) => stackVerdict(noOverlappingSelections, fleets);

describe("policy no-overlapping-selections", () => {
  it("lets neighbours pass, and names what two fleets share", async () => {
    assert.deepEqual(await ask(range("a", 0, 9), range("b", 10, 19), list("c", [20, 22])), []);
    assertViolation(
      await ask(range("a", 0, 10), range("b", 8, 19)),
      `"a" and "b" both declare ${number(8)}-${number(10)}`,
    );
  });

  it("compares lists with ranges number by number", async () => {
    assert.deepEqual(await ask(list("a", [0, 20]), range("b", 1, 19)), []);
    assertViolation(
      await ask(list("a", [0, 3, 5, 7, 9, 20]), range("b", 1, 19)),
      `both declare ${number(3)}, ${number(5)}, ${number(7)} and 1 more.`,
    );
  });

  it("reads the outputs of fleets with nothing to do, lost SIMs included", async () => {
    const settled: Declared = {
      name: "a",
      props: { simRange: undefined, iccids: [number(1)], lost: [number(2)] },
    };
    assertViolation(await ask(settled, list("b", [2, 3])), `both declare ${number(2)}.`);
    assert.deepEqual(await ask(settled, list("b", [3])), []);
  });

  it("leaves out selections that are not known yet, and compares the others", async () => {
    const unknown: Declared = { name: "u", props: { simRange: UNKNOWN, iccids: [number(1)] } };
    const partly: Declared = { name: "p", props: { simRange: undefined, sims: [number(1), UNKNOWN] } };
    assert.deepEqual(await ask(unknown, partly, range("a", 0, 9)), []);
    assertViolation(await ask(unknown, partly, range("a", 0, 9), range("b", 9, 9)), '"a" and "b"');
  });

  it("compares EIDs with EIDs, and the SIMs of a fleet by EIDs with ICCIDs where it shows them", async () => {
    const eids = (name: string, from: number, to: number, outputs = {}): Declared => {
      const eid = (place: number): string => `${89049032000001000000009770000000n + BigInt(place)}`;
      return { name, props: { simRange: undefined, eidRange: `${eid(from)}-${eid(to)}`, ...outputs } };
    };
    assert.deepEqual(await ask(eids("a", 0, 9), eids("b", 10, 19), range("c", 0, 19)), []);
    assertViolation(
      await ask(eids("a", 0, 9), range("c", 0, 19), eids("b", 9, 19)),
      '"a" and "b" both declare 89049032000001000000009770000009.',
    );
    const settled = { iccids: [number(1)] };
    assertViolation(await ask(eids("a", 0, 9, settled), range("c", 0, 19)), `both declare ${number(1)}.`);
    // Said once, by the numbers that both declare.
    assertViolation(
      await ask(eids("a", 0, 9, settled), eids("b", 9, 9, settled)),
      "both declare 89049032000001000000009770000009.",
    );
    const unknown: Declared = {
      name: "u",
      props: { simRange: undefined, eidRange: UNKNOWN, iccids: [number(1)] },
    };
    assert.deepEqual(await ask(unknown, eids("a", 0, 9), range("c", 0, 19)), []);
  });

  it("reports exactly the pairs that share a number", async () => {
    const places = fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(places, { maxLength: 6 }), async (lists) => {
        const found = await ask({ type: "other" }, ...lists.map((each, i) => list(`f${i}`, each)));
        const expected = lists.flatMap((one, i) =>
          lists.slice(i + 1).flatMap((other, j) => {
            return one.some((place) => other.includes(place)) ? [[`f${i}`, `f${i + 1 + j}`]] : [];
          }),
        );
        const pairs = Array.isArray(found)
          ? found.map((message) => [...message.matchAll(/"(f\d)"/g)].map(([, name]) => name).sort())
          : [];
        assert.deepEqual(pairs.sort(), expected.sort());
      }),
    );
  });

  it("is quick where lists are long and apart", async () => {
    const packs = Array.from({ length: 20 }, (_, pack) =>
      list(
        `f${pack}`,
        Array.from({ length: 5_000 }, (_, i) => pack * 100_000 + 2 * i),
      ),
    );
    const began = performance.now();
    assert.deepEqual(await ask(...packs), []);
    assert.ok(performance.now() - began < 3_000);
  });
});
