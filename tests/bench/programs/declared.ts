/** The cards that the environment asks a program to declare: `BENCH_SIMS` of them, in `BENCH_RESOURCES` even parts. */
export function declaredParts(): (readonly [from: number, to: number])[] {
  const sims = Number(process.env.BENCH_SIMS);
  const parts = Number(process.env.BENCH_RESOURCES ?? 1);
  const bound = (part: number): number => Math.floor((sims * part) / parts);
  return Array.from({ length: parts }, (_, part) => [bound(part), bound(part + 1)] as const);
}
