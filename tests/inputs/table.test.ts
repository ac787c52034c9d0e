import assert from "node:assert/strict";
import { type Field, fields, registrationKeys } from "../../provider/dynamic/inputs/fields";
import { InputTable } from "../../provider/dynamic/inputs/inputTable";
import { changedInputs, defaultsIn, echoOf, parseInputs } from "../../provider/dynamic/inputs/parse";
import { takeProgramFacts } from "../../provider/dynamic/wire/registration";
import type { SimActivationArgs } from "../../provider/resources/simActivation";

/** Fails to compile where the two differ: an input that is documented and not in the table, or the reverse. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const sameInputs: Same<keyof SimActivationArgs, keyof typeof fields> = true;

const pack = "89445001021983048260-89445001021983049259";
const carrier = {
  schema: (zod) => zod.enum(["any", "home"]),
  expects: 'write "any" or "home"',
  default: "any",
  output: "declared",
  compare: "value",
} as const satisfies Field;
const larger = { ...fields, carrier };
const table = new InputTable(larger);

function inputsOf(props: Readonly<Record<string, unknown>>) {
  const parsed = parseInputs({ simRange: pack, plan: 2096, ...props }, table);
  assert.ok("inputs" in parsed);
  return parsed.inputs;
}

describe("an input is one entry of the table", () => {
  it("and the table holds the documented arguments, no more and no less", () => assert.ok(sameInputs));

  it("and a new entry is validated, with a message that says what to write", () => {
    assert.deepEqual(parseInputs({ simRange: pack, plan: 2096, carrier: "none" }, table), {
      problems: ['carrier: "none" is not allowed here; write "any" or "home"'],
    });
    assert.deepEqual(parseInputs({ simRange: pack, plan: 2096, carrier: "any" }), {
      problems: ['"carrier" is not an input of SimActivation'],
    });
    assert.deepEqual(parseInputs({ simRange: pack, plan: 2096, Carrier: "any" }, table), {
      problems: ['"Carrier" is not an input of SimActivation; did you mean carrier?'],
    });
  });

  it("and a new entry has its default, is echoed and is registered", () => {
    assert.equal(defaultsIn(inputsOf({}), table).carrier, "any");
    assert.equal(echoOf(inputsOf({}), table).carrier, "any");
    assert.equal(echoOf(inputsOf({ carrier: "home" }), table).carrier, "home");
    assert.ok("carrier" in registrationKeys(larger));
    assert.ok(!("carrier" in registrationKeys()));
  });

  it("and a new entry is compared with what is recorded", () => {
    const recorded = echoOf(inputsOf({ carrier: "home" }), table);
    assert.deepEqual(changedInputs(recorded, inputsOf({ carrier: "home" }), table), []);
    assert.deepEqual(changedInputs(recorded, inputsOf({}), table), ["carrier"]);
  });
});

describe("comparison with the record", () => {
  const recorded = { ...echoOf(inputsOf({ zone: "Global", overageLimit: 5_000_000 })), orgId: 7 };

  it("a limit that was removed is a difference, and so is one that was added", () => {
    assert.deepEqual(changedInputs(recorded, inputsOf({ overageLimit: 5_000_000 })), []);
    assert.deepEqual(changedInputs(recorded, inputsOf({})), ["overageLimit"]);
    assert.deepEqual(changedInputs(recorded, inputsOf({ overageLimit: 5_000_000, smsLimit: 3 })), [
      "smsLimit",
    ]);
  });

  it("letter case of the zone is none, and neither is an organization that is not declared", () => {
    assert.deepEqual(changedInputs(recorded, inputsOf({ zone: "GLOBAL", overageLimit: 5_000_000 })), []);
    assert.deepEqual(changedInputs(recorded, inputsOf({ orgId: 8, overageLimit: 5_000_000 })), ["orgId"]);
  });

  it("of selections is the business of the record", () => {
    const others = { simRange: undefined, sims: ["89445001021983048260"], overageLimit: 5_000_000 };
    assert.deepEqual(changedInputs(recorded, inputsOf(others)), []);
  });

  it("a range is echoed in one spelling, whatever spaces the program writes", () => {
    assert.equal(echoOf(inputsOf({ simRange: ` ${pack.replace("-", " - ")} ` })).simRange, pack);
  });
});

describe("what the constructor tells of the program's process", () => {
  it("is taken out of the inputs, and is unknown where an older package declared the resource", () => {
    const { facts, props } = takeProgramFacts({ simRange: pack, __dry: true, __urn: "urn" });
    assert.deepEqual(
      [facts, props],
      [
        { isDryRun: true, settings: undefined },
        { simRange: pack, __urn: "urn" },
      ],
    );
    assert.deepEqual(takeProgramFacts({ simRange: pack }).facts, {
      isDryRun: undefined,
      settings: undefined,
    });
  });
});
