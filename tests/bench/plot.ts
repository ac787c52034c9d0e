/** Time and requests against the number of SIMs, both axes logarithmic, as an SVG. */
import { writeFileSync } from "node:fs";
import type { TopLevelSpec } from "vega-lite";
import type { Results } from "./results";

const labels = {
  package: "this package",
  list: "this package, by list",
  floor: "floor",
  script: "bare script",
  command: "@pulumi/command",
  perSim: "one resource per SIM",
};

export async function draw(results: Results, path: string): Promise<void> {
  if (results.rows.length > 0) writeFileSync(path, await svg(results));
}

export async function svg({ rows }: Pick<Results, "rows">): Promise<string> {
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const values = rows
    .filter(({ operation, resources }) => operation === "up" && resources === 1)
    .map(({ contender, sims, delay, seconds, requests }) => ({
      contender: labels[contender],
      sims,
      delay: delay === 0 ? "no delay" : `${delay} ms per request`,
      seconds,
      requests,
    }));
  const view = new vega.View(vega.parse(compile(specOf(values)).spec), { renderer: "none" });
  return view.toSVG();
}

function specOf(values: Record<string, unknown>[]): TopLevelSpec {
  const panel = (field: string, title: string) => ({
    data: { values: field === "requests" ? values.filter((value) => Number(value.requests) > 0) : values },
    facet: { column: { field: "delay", title: null, sort: "descending" as const } },
    spec: {
      width: 320,
      height: 220,
      mark: { type: "line" as const, point: true },
      encoding: {
        x: {
          field: "sims",
          type: "quantitative" as const,
          scale: { type: "log" as const },
          title: "SIMs",
          axis: { format: "~s" },
        },
        y: { field, type: "quantitative" as const, scale: { type: "log" as const }, title },
        color: { field: "contender", type: "nominal" as const, title: null },
      },
    },
  });
  const panels = [panel("seconds", "seconds of `up`"), panel("requests", "requests of `up`")];
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    vconcat: panels,
  };
}
