/** One or several fleets of this package; how many SIMs, and in which form, the environment says. */
import * as hologram from "pulumi-hologram";
import { cards, PLAN, range } from "../pack";
import { declaredParts } from "./declared";

export const counts = declaredParts().map(([from, to], part) => {
  const selection =
    process.env.BENCH_FORM === "list" ? { sims: cards(from, to) } : { simRange: range(from, to) };
  return new hologram.SimActivation(`fleet-${part}`, { ...selection, plan: PLAN }).simCount;
});
