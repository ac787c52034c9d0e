/** The package's own bounds, as far as operations of stacks show them. */
import { find, type Limit, type Results, type Row, scaledPerSim } from "./results";

const PER_CLAIM = 2_500;

/** Every bound that the measured rows tell something about. */
export function boundsIn(results: Results): Limit[] {
  const sizes = [...new Set(results.rows.filter(({ delay }) => delay === 0).map(({ sims }) => sims))];
  return [
    ...sizes.flatMap((sims) => requestsOf(results, sims)),
    ...unchanged(results),
    ...state(results),
    ...evenness(results),
    ...beside(results),
    ...million(results),
  ];
}

function requestsOf(results: Results, sims: number): Limit[] {
  const claims = Math.ceil(sims / PER_CLAIM);
  const bounds = {
    list: { bound: 2 * claims + Math.ceil(sims / 100) + 3, text: "2⌈N / 2,500⌉ + ⌈N / 100⌉ + 3" },
    package: {
      bound: 4 * claims + Math.ceil((sims * 1.01) / 1_000) + 3,
      text: "4⌈N / 2,500⌉ + ⌈listed / 1,000⌉ + 3",
    },
  };
  return (["list", "package"] as const).flatMap((contender): Limit[] => {
    const rows = { resources: 1, delay: 0, sims, contender };
    const [check, up] = [
      find(results, { ...rows, operation: "preview" }),
      find(results, { ...rows, operation: "up" }),
    ];
    if (check === undefined || up === undefined) return [];
    const { bound, text } = bounds[contender];
    const requests = up.requests - check.requests;
    const form = contender === "list" ? "list" : "range";
    return [
      limit(
        `claims of ${count(sims)} SIMs by ${form}`,
        `⌈N / 2,500⌉ = ${claims}`,
        `${up.claims}`,
        up.claims <= claims,
      ),
      limit(
        `requests of a create of ${count(sims)} by ${form}`,
        `${text} = ${count(bound)}`,
        count(requests),
        requests <= bound,
      ),
    ];
  });
}

function unchanged({ rows }: Results): Limit[] {
  const all = rows.filter(
    ({ contender, operation }) =>
      (contender === "package" || contender === "list") && operation.startsWith("unchanged"),
  );
  if (all.length === 0) return [];
  const most = Math.max(...all.map(({ requests }) => requests));
  return [
    limit("requests of an unchanged preview or up", "0", `${most} in ${all.length} operations`, most === 0),
  ];
}

/** Of two sizes, so that what does not grow with the SIMs falls out. */
function state(results: Results): Limit[] {
  const of = (sims: number) =>
    find(results, { contender: "package", operation: "up", sims, delay: 0, resources: 1 });
  const [few, many] = [of(1_000), of(100_000) ?? of(10_000)];
  if (few?.state === undefined || many?.state === undefined) return [];
  const perSim = (many.state - few.state) / (many.sims - few.sims);
  // An ICCID of 20 digits, two ids of seven.
  const bound = 20 + 7 + 7 + 12;
  return [
    limit(
      "state for a range, bytes per SIM",
      `the printed length of its three ids + 12 = ${bound}`,
      perSim.toFixed(1),
      perSim <= bound,
    ),
  ];
}

function evenness(results: Results): Limit[] {
  const of = (sims: number) =>
    find(results, { contender: "package", operation: "up", sims, delay: 0, resources: 1 });
  const [few, many] = [of(10_000), of(100_000)];
  if (few === undefined || many === undefined) return [];
  const ratio = many.seconds / many.sims / (few.seconds / few.sims);
  return [limit("`up`: cost per SIM at 100,000 ÷ at 10,000", "1.3", ratio.toFixed(2), ratio <= 1.3)];
}

function beside(results: Results): Limit[] {
  return [0, 50].flatMap((delay): Limit[] => {
    const at = (contender: Row["contender"], operation: Row["operation"], sims: number) =>
      find(results, { contender, operation, sims, delay, resources: 1 });
    const when = delay === 0 ? "" : ` (${delay} ms per request)`;
    const found: Limit[] = [];
    const ten = at("package", "up", 10_000);
    const perSim = ten && scaledPerSim(results, ten, "up");
    if (ten && perSim) {
      const times = perSim.seconds / ten.seconds;
      found.push(
        limit(
          `10,000 SIMs: \`up\` of one resource per SIM ÷ this${when}`,
          "200 at least",
          times.toFixed(0),
          times >= 200,
        ),
      );
    }
    const [own, floor, script] = [
      at("package", "up", 100_000),
      at("floor", "up", 100_000),
      at("script", "up", 100_000),
    ];
    if (own && floor && script) {
      const bound = floor.seconds + 1.5 * script.seconds;
      const text = `floor + 1.5 × script = ${bound.toFixed(2)} s`;
      found.push(
        limit(`100,000 SIMs: \`up\`${when}`, text, `${own.seconds.toFixed(2)} s`, own.seconds <= bound),
      );
    }
    const [preview, least] = [
      at("package", "unchanged preview", 100_000),
      at("floor", "unchanged preview", 100_000),
    ];
    if (preview && least) {
      const measured = `${preview.seconds.toFixed(2)} s, ${(preview.seconds / least.seconds).toFixed(2)} ×, ${preview.requests} requests`;
      const kept = preview.seconds <= 1.2 * least.seconds && preview.requests === 0;
      found.push(limit(`100,000 SIMs: unchanged preview${when}`, "1.2 × floor, no request", measured, kept));
    }
    return found;
  });
}

function million(results: Results): Limit[] {
  return [1, 10].flatMap((resources): Limit[] => {
    const of = (contender: Row["contender"]) =>
      find(results, { contender, operation: "up", sims: 1_000_000, resources });
    const [own, floor] = [of("package"), of("floor")];
    if (own?.providerMemory === undefined || floor?.providerMemory === undefined) return [];
    const ratio = own.providerMemory / floor.providerMemory;
    const measured = `${own.seconds.toFixed(1)} s, ${(own.providerMemory / 1e6).toFixed(0)} MB, ${ratio.toFixed(2)} × the floor's`;
    return [
      limit(
        `1,000,000 SIMs in ${resources}: \`up\` finishes; memory of the provider process`,
        "1.3 × the floor's",
        measured,
        ratio <= 1.3,
      ),
    ];
  });
}

function limit(what: string, bound: string, measured: string, kept: boolean): Limit {
  return { what, bound, measured, kept };
}

function count(value: number): string {
  return value.toLocaleString("en");
}
