/** What `doctor` says of an account, in every form that Hologram's documentation has; and that it only reads. */
import assert from "node:assert/strict";
import { DEADLINES } from "../../../provider/cli/doctor/diagnose";
import type { Behaviour, Emulator } from "../../../provider/testing/emulator";
import { examine } from "../../harness/cli/diagnosis";
import { account, card, cards, KEY, ORG } from "../../harness/engine/fleetStack";

const target = { sims: cards(3, 5) };
const short = { programMs: 10_000, reachMs: 150, readMs: 150, previewMs: 150 };

/** Not every account may tell who its user is: no current page of Hologram's documentation has it. */
const withoutUser = ({ faults }: Emulator): void =>
  faults.add({ path: "/users/me", fault: { kind: "status", status: 404 } });

describe("doctor, on an account", () => {
  const editions: readonly Partial<Behaviour>[] = [
    ...(["E1", "E2", "E3", "blueprint"] as const).map((edition) => ({ edition })),
    { lists: "keyed", ids: "string", tagLists: "array", deviceTags: "names" },
    { linksEndpoint: false, lists: "keyed" },
    { unclaimedDeviceId: "zero", zoneSpelling: "number", lastPage: "silent" },
  ];
  for (const behaviour of editions) {
    it(`finds nothing bad, and each answer's documented form: ${JSON.stringify(behaviour)}`, () =>
      examine({ behaviour, options: { target } }, ({ verdicts, texts, level }) => {
        assert.deepEqual(
          verdicts.filter((verdict) => verdict.level !== "good"),
          [],
        );
        assert.deepEqual(texts("organizations"), [`${ORG} (Fleet Operations)`]);
        assert.deepEqual(texts("activation"), [`2 SIMs can be activated in organization ${ORG}`]);
        assert.match(texts("balance").join(), /^\$999,998\.20 prepaid in organization 12345/);
        const seen = behaviour.linksEndpoint === false ? 6 : 7;
        assert.equal(texts("form").length, seen, texts("form").join("\n"));
        assert.equal(level("SIMs"), "good");
      }));
  }

  it("names plans with their prices", () =>
    examine({}, ({ verdicts }) => {
      const plans = verdicts.find(({ topic }) => topic === "plans");
      assert.deepEqual(plans?.details, ["2096 Global Flat: global $0.60", "75 Pilot 1 MB: global $1.50"]);
    }));

  it("says when the key is wrong", () =>
    examine({ env: { HOLOGRAM_API_KEY: "wrong" } }, ({ verdicts, level, emulator }) => {
      assert.equal(level("key"), "bad");
      assert.match(JSON.stringify(verdicts), /Hologram refuses it/);
      assert.equal(emulator.requests.length, 2, "nothing after the first question");
    }));

  it("asks nothing where there is no key", () =>
    examine({ env: { HOLOGRAM_API_KEY: "" } }, ({ texts, level, emulator }) => {
      assert.deepEqual([texts("key"), level("key")], [["HOLOGRAM_API_KEY is not set"], "bad"]);
      assert.deepEqual(emulator.requests, []);
    }));

  it("tells roles apart by what they may read", async () => {
    const withRole = (role: "viewer" | "editor" | "manager") => ({
      account: { ...account, keys: [{ key: KEY, role, orgIds: [ORG] }] },
      options: { target },
    });
    await examine(withRole("viewer"), ({ verdicts }) => {
      assert.ok(verdicts.some(({ level, text }) => level === "bad" && /role is too low/.test(text)));
    });
    await examine(withRole("editor"), ({ texts, level }) => {
      assert.match(texts("role").join(), /the key may read, and not activate$/);
      assert.deepEqual(
        [level("role"), level("balance"), level("activation")],
        ["warning", "good", "warning"],
      );
      assert.match(texts("activation").join(), /may not ask for previews/);
    });
    await examine(withRole("manager"), ({ texts, level }) => {
      assert.match(texts("role").join(), /the key may: activation, changeplan$/);
      assert.equal(level("activation"), "good");
    });
    const silent = { ...withRole("manager"), prepare: withoutUser };
    await examine(silent, ({ texts }) =>
      assert.match(texts("role").join(), /^Editor or Manager in organization/),
    );
    await examine({ prepare: withoutUser }, ({ texts }) =>
      assert.match(texts("role").join(), /^Admin or higher in organization/),
    );
  });

  it("says what two organizations mean, and looks at the one that is named", async () => {
    const two = {
      ...account,
      organizations: [...(account.organizations ?? []), { id: 777, name: "Field Trials" }],
      keys: [{ key: KEY, role: "admin", orgIds: [ORG, 777] }],
    } as const;
    await examine({ account: two, options: { target } }, ({ level, texts }) => {
      assert.deepEqual([level("organizations"), texts("plans").length], ["warning", 2]);
      assert.deepEqual(texts("activation"), ["not asked for: which organization?"]);
    });
    await examine({ account: two, env: { HOLOGRAM_ORG_ID: "777" } }, ({ level, texts }) => {
      assert.deepEqual(
        [level("organizations"), texts("plans")],
        ["good", ["2 in organization 777 (Field Trials)"]],
      );
    });
    await examine({ account: two, env: { HOLOGRAM_ORG_ID: "99" } }, ({ level, texts }) => {
      assert.deepEqual([level("organizations"), texts("plans")], ["bad", []]);
    });
  });

  it("warns where there is no balance", () =>
    examine({ prepare: (emulator) => emulator.dashboard.setBalance(ORG, "0.00") }, ({ level, texts }) => {
      assert.deepEqual([level("balance"), texts("balance").length], ["warning", 1]);
    }));

  it("names fields that are documented nowhere", () => {
    const plan = {
      id: 7,
      name: "New",
      currency: "EUR",
      tiers: { BASE: { zones: { global: { amount: "1", tax: 2 } } } },
    };
    const body = { success: true, requestid: "x", data: [plan] };
    return examine(
      {
        prepare: ({ faults }) =>
          faults.add({ path: /^\/plans/, fault: { kind: "status", status: 200, body } }),
      },
      ({ verdicts }) => {
        const form = verdicts.find(({ text }) => text.startsWith("GET /plans"));
        assert.equal(form?.level, "warning");
        assert.match(
          form.text,
          /3 fields .* documented nowhere: requestid, currency, tiers\.\*\.zones\.\*\.tax$/,
        );
      },
    );
  });

  it("names an answer of no documented form", () =>
    examine(
      {
        prepare: ({ faults }) =>
          faults.add({
            path: /^\/plans/,
            fault: { kind: "status", status: 200, body: { success: true, data: { tariffs: [1] } } },
          }),
      },
      ({ verdicts }) => {
        assert.ok(
          verdicts.some(({ text, level }) => level === "warning" && /^GET \/plans has no form/.test(text)),
        );
      },
    ));

  it("knows a wrong path, and a page of something else", async () => {
    await examine(
      { prepare: ({ faults }) => faults.add({ fault: { kind: "html", status: 200, commit: false } }) },
      ({ verdicts }) => {
        const address = verdicts.filter(({ topic, level }) => topic === "address" && level === "bad");
        assert.match(address[0]?.text ?? "", /is not Hologram's API: .* web page/);
        assert.match(address[0]?.advice ?? "", /ends in \/api\/1/);
      },
    );
    await examine({}, async ({ emulator }) => {
      const env = { HOLOGRAM_BASE_URL: emulator.url.replace(/\/1$/, "/2") };
      await examine({ env }, ({ level, verdicts }) => {
        assert.equal(level("address"), "bad");
        assert.ok(verdicts.some(({ text }) => /does not end in \/api\/1/.test(text)));
      });
    });
  });

  it("says when nobody answers there", async () => {
    let gone = "";
    await examine({}, ({ emulator }) => {
      gone = emulator.url;
    });
    await examine({ env: { HOLOGRAM_BASE_URL: gone } }, ({ level, texts, emulator }) => {
      assert.equal(level("network"), "bad");
      assert.match(texts("network").join(), /could not be reached at 127\.0\.0\.1/);
      assert.deepEqual(emulator.requests, []);
    });
  });

  it("gives a slow server its time and no more, and says so", async () => {
    const hold = { kind: "hold" } as const;
    await examine(
      { options: { deadlines: short }, prepare: ({ faults }) => faults.add({ fault: hold }) },
      ({ texts, level }) => {
        assert.deepEqual([level("network"), texts("plans")], ["bad", []]);
        assert.match(texts("network").join(), /gave no answer within 0\.15 s/);
      },
    );
    await examine(
      {
        options: { deadlines: { ...short, reachMs: 10_000 }, target },
        prepare: ({ faults }) => {
          faults.add({ path: "/plans", fault: hold });
          faults.add({ path: "/links/cellular/bulkclaim", fault: hold });
        },
      },
      ({ texts, level }) => {
        assert.match(texts("plans").join(), /the server is slow: no answer within 0\.15 s to GET \/plans/);
        assert.deepEqual([level("plans"), level("activation")], ["warning", "warning"]);
      },
    );
  });

  it("does not guess a role from what was not answered", () =>
    examine(
      {
        options: { deadlines: { ...short, reachMs: 10_000 } },
        prepare: (emulator) => {
          withoutUser(emulator);
          for (const path of ["/links/cellular", "/devices"])
            emulator.faults.add({ path, fault: { kind: "hold" } });
        },
      },
      ({ texts, level }) => {
        assert.match(texts("role").join(), /^not known in organization 12345/);
        assert.equal(level("role"), "warning");
      },
    ));

  it("ends within ten seconds whatever happens", () => {
    const { programMs, reachMs, readMs, previewMs } = DEADLINES;
    assert.ok(reachMs + readMs + previewMs <= 8_000 && programMs <= 8_000);
  });

  it("does not wait where the server asks it to", () =>
    examine(
      {
        options: { target },
        prepare: ({ faults }) =>
          faults.add({ path: "/links/cellular/bulkclaim", fault: { kind: "rateLimit" } }),
      },
      ({ texts }) => assert.match(texts("activation").join(), /could not be had: rate limited/),
    ));

  for (const [minutes, words] of [
    [10, "this machine's is 10 minutes ahead of the server's"],
    [-10, "this machine's is 10 minutes behind the server's"],
  ] as const) {
    it(`sees a clock that is ${minutes} minutes off`, () => {
      const clock = { now: () => Date.now() + minutes * 60_000, sleep: async () => undefined };
      return examine({ options: { clock } }, ({ texts, level }) => {
        assert.deepEqual([texts("clock"), level("clock")], [[words], "warning"]);
      });
    });
  }

  it("tells what a preview says of SIMs, and never buys, whatever the server makes of it", async () => {
    const mixed = { sims: [card(0), card(4)] };
    await examine({ options: { target: mixed } }, ({ verdicts }) => {
      const found = verdicts.find(({ topic }) => topic === "activation");
      assert.equal(found?.level, "warning");
      assert.match(found.text, /^1 SIM cannot be activated/);
      assert.match(found.details?.join() ?? "", new RegExp(`already.*: ${card(0)}$`, "i"));
      assert.match(found.advice ?? "", /are taken over by declaring them$/);
    });
    const unknown = { sims: [card(0), "8944500000000000000"] };
    await examine({ options: { target: unknown } }, ({ verdicts }) => {
      const found = verdicts.find(({ topic }) => topic === "activation");
      assert.match(
        found?.advice ?? "",
        /are taken over by declaring them; .* mistyped or in another account/,
      );
    });
    for (const previewAnswer of ["namesRest", "costOnly", "ignored"] as const) {
      await examine({ behaviour: { previewAnswer }, options: { target } }, ({ verdicts }) => {
        assert.ok(verdicts.some(({ topic }) => topic === "activation"));
      });
    }
    await examine({ behaviour: { previewAnswer: "echoesIds" }, options: { target } }, ({ level, texts }) => {
      assert.equal(level("activation"), "bad");
      assert.match(texts("activation").join(), /carries device or link ids for 2 SIMs/);
    });
    const simRange = `${card(3)}-${card(9)}`;
    await examine({ options: { target: { simRange } } }, ({ texts }) => {
      assert.deepEqual(texts("activation"), [`7 SIMs can be activated in organization ${ORG}`]);
    });
  });

  it("names a setting that cannot be read, and asks nothing", () =>
    examine({ env: { HOLOGRAM_MAX_ACTIVATIONS: "many" } }, ({ level, texts, emulator }) => {
      assert.equal(level("settings"), "bad");
      assert.match(texts("settings").join(), /HOLOGRAM_MAX_ACTIVATIONS\) is "many"/);
      assert.deepEqual(emulator.requests, []);
    }));
});
