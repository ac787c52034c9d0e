/** The packs as pictures: each SIM a square in the colour of its state. */
import type { PackGlance } from "../reading/overview";
import { count, counted, standingOf } from "./words";

export const Packs = ({ packs }: { packs: readonly PackGlance[] }) => (
  <ul class="packs">
    {packs.map((pack) => (
      <li>
        <p class="pack-title">
          <a href={`/sims?q=${pack.first}-${pack.last}`}>
            <span class="number">{pack.first}</span> to <span class="number">{pack.last}</span>
          </a>{" "}
          <span class="muted">
            {counted(pack.count, "SIM")}
            {pack.listed ? "" : ", not listed before they are claimed"}
            {pack.cardsInACell > 1 ? `, ${count(pack.cardsInACell)} to a square` : ""}
          </span>
        </p>
        <Picture pack={pack} />
      </li>
    ))}
  </ul>
);

const SIZE = 10;
const GAP = 2;

const Picture = ({ pack: { cells, first } }: { pack: PackGlance }) => {
  const columns = cells.length <= 300 ? 50 : 100;
  const shapes = new Map<string, string[]>();
  for (const [place, state] of cells.entries()) {
    const [x, y] = [(place % columns) * (SIZE + GAP), Math.floor(place / columns) * (SIZE + GAP)];
    const standing = standingOf(state);
    const shape = `M${x} ${y}h${SIZE}v${SIZE}h-${SIZE}z`;
    shapes.set(standing, [...(shapes.get(standing) ?? []), shape]);
  }
  const height = Math.ceil(cells.length / columns) * (SIZE + GAP) - GAP;
  const said = [...Map.groupBy(cells, (state) => state)].map(([state, found]) => `${found.length} ${state}`);
  return (
    <svg
      class="pack"
      viewBox={`0 0 ${columns * (SIZE + GAP) - GAP} ${height}`}
      role="img"
      aria-label={`The pack from ${first}: ${said.join(", ")}`}
    >
      {[...shapes].map(([standing, paths]) => (
        <path class={`is-${standing}`} d={paths.join("")} />
      ))}
    </svg>
  );
};
