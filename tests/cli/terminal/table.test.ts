import assert from "node:assert/strict";
import { type Column, formatTable } from "../../../provider/cli/terminal/table";

interface Row {
  readonly id: string;
  readonly name: string;
}

const columns: readonly Column<Row>[] = [
  { title: "ID", text: ({ id }) => id },
  { title: "NAME", text: ({ name }) => name, canShrink: true },
  { title: "END", text: () => "x" },
];

describe("a table", () => {
  it("is as wide as it must be in a pipe", () => {
    const rows = [
      { id: "1", name: "a truck with a long name" },
      { id: "20", name: "b" },
    ];
    assert.equal(
      formatTable(rows, columns, undefined),
      `${[
        "ID  NAME                      END",
        "1   a truck with a long name  x",
        "20  b                         x",
      ].join("\n")}\n`,
    );
  });

  it("cuts texts, and never ids, to the width of a terminal", () => {
    const rows = [{ id: "89445001021983048260", name: "a truck with a long name" }];
    const lines = formatTable(rows, columns, 40).split("\n");
    assert.deepEqual(
      lines,
      ["ID                    NAME          END", "89445001021983048260  a truck with…  x", ""].map((line) =>
        line.replace("NAME          END", "NAME           END"),
      ),
    );
    assert.ok(lines.every((line) => line.length <= 40));
    const narrow = formatTable(rows, columns, 10);
    assert.match(narrow, /89445001021983048260 {2}a truck… {2}x/);
  });

  it("counts cells, not characters, and lets no name steer the terminal", () => {
    const rows = [
      { id: "1", name: "冷凍車" },
      { id: "2", name: "e\u0301\u001b[2Jx\u202e" },
      { id: "3", name: "冷凍車冷凍車冷凍車" },
    ];
    const lines = formatTable(rows.slice(0, 2), columns, undefined).split("\n");
    assert.deepEqual(lines.slice(1, 3), ["1   冷凍車  x", "2   e\u0301 [2Jx  x"]);
    assert.equal(formatTable(rows, columns, 16).split("\n")[3], "3   冷凍車…   x");
  });
});
