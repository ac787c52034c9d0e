import assert from "node:assert/strict";
import fc from "fast-check";
import { UnreadableAnswerError } from "../../provider/hologram";
import { isRecord, readEnvelope } from "../../provider/hologram/envelope";
import { itemsOfPages, PAGE_SIZE } from "../../provider/hologram/pages";

const place = { method: "GET", path: "/list" };

/** Pages through answers given as JSON values. */
function pagesOf(answer: (startAfter: string | undefined, n: number) => unknown, limit = 10_000) {
  let n = 0;
  return itemsOfPages(place, async (startAfter) => {
    if (++n > limit) throw new Error("It loops.");
    return readEnvelope({ form: "json", value: answer(startAfter, n) });
  });
}

const items = (...ids: number[]) => ids.map((id) => ({ id }));

describe("pages", () => {
  it("follow lastid, then the next address, then the last item's id", async () => {
    const cursors: (string | undefined)[] = [];
    const answers = [
      { success: true, data: items(9, 8), continues: true, lastid: 8 },
      {
        success: true,
        data: items(7, 6),
        continues: true,
        links: { base: "https://elsewhere.invalid", next: "/api/1/list?orgid=1&startafter=6" },
      },
      { success: true, data: items(5, 4), continues: true },
      { success: true, data: items(3) },
    ];
    const found = await Array.fromAsync(
      pagesOf((cursor, n) => {
        cursors.push(cursor);
        return answers[n - 1];
      }),
    );
    assert.deepEqual(found, items(9, 8, 7, 6, 5, 4, 3));
    assert.deepEqual(cursors, [undefined, "8", "6", "4"]);
  });

  it("go on without `continues` when a full page names a next one", async () => {
    const full = Array.from({ length: PAGE_SIZE }, (_, i) => ({ id: 5_000 - i }));
    const answers = [
      { success: true, data: full, links: [{ next: "/list?startafter=4001" }] },
      { success: true, data: [] },
    ];
    assert.equal((await Array.fromAsync(pagesOf((_, n) => answers[n - 1]))).length, PAGE_SIZE);
  });

  it("stop on an empty page, however it is spelled", async () => {
    for (const data of [[], {}, null]) {
      assert.deepEqual(
        await Array.fromAsync(pagesOf(() => ({ success: true, data, continues: true, lastid: 3 }))),
        [],
      );
    }
  });

  it("end with an error when they repeat", async () => {
    const loops: ((cursor: string | undefined, n: number) => unknown)[] = [
      () => ({ data: items(2, 1), continues: true, lastid: 1 }),
      (_, n) => ({ data: items(2, 1), continues: true, lastid: n }),
      (_, n) => ({ data: n % 2 ? items(4, 3) : items(2, 1), continues: true, lastid: n }),
      (_, n) => ({ data: items(1_000 - n), continues: true, lastid: 7 }),
      () => ({ data: [{ name: "no id" }], continues: true, lastid: 1 }),
    ];
    for (const loop of loops) await assert.rejects(Array.fromAsync(pagesOf(loop, 50)), UnreadableAnswerError);
  });

  it("are an error where data is no list, or nothing says how to go on", async () => {
    await assert.rejects(Array.fromAsync(pagesOf(() => ({ data: "soon" }))), /not a list/);
    await assert.rejects(
      Array.fromAsync(pagesOf((_, n) => ({ data: [{ id: n }, {}], continues: true }))),
      /after which id/,
    );
  });

  it("bring every item once, in every form of list, even when pages overlap", async () => {
    const forms = fc.record({
      count: fc.integer({ min: 0, max: 60 }),
      size: fc.integer({ min: 2, max: 9 }),
      overlap: fc.boolean(),
      keyed: fc.boolean(),
      textIds: fc.boolean(),
      lastid: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(forms, async ({ count, size, overlap, keyed, textIds, lastid }) => {
        const ids = Array.from({ length: count }, (_, i) => 1_000 - i);
        const found = await Array.fromAsync(
          pagesOf((cursor) => {
            const from =
              cursor === undefined
                ? 0
                : ids.findIndex((id) => (overlap ? id <= Number(cursor) : id < Number(cursor)));
            const page = from < 0 ? [] : ids.slice(from, from + size);
            const list = page.map((id) => ({ id: textIds ? String(id) : id }));
            const data = keyed ? Object.fromEntries(list.map((item) => [item.id, item])) : list;
            const last = page.at(-1);
            return {
              success: true,
              data,
              continues: last !== undefined && last !== ids.at(-1),
              ...(lastid ? { lastid: last } : {}),
            };
          }, 200),
        );
        const numbers = found.map((item) => (isRecord(item) ? Number(item.id) : Number.NaN));
        assert.deepEqual(
          numbers.sort((a, b) => b - a),
          ids,
        );
      }),
    );
  });
});
