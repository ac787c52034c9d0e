/** The judgement in words: green while nothing was bought twice, red when it was, with what happened. */
import type { Judgement } from "../../account/judge";
import { count, counted, money } from "./words";

export const Verdict = (given: { judgement: Judgement; simsBought: number; charged: string }) => {
  const { doubleCharges, doubleClaims, concurrentClaims, requestsAboveLimit } = given.judgement;
  const bad = doubleCharges.length > 0;
  const bought = new Set(doubleCharges.map(({ iccid }) => iccid));
  const onlyClaimed = doubleClaims.filter(({ iccid }) => !bought.has(iccid));
  const doubtful = doubleClaims.length + concurrentClaims.length + requestsAboveLimit.length > 0;
  return (
    <div
      id="verdict"
      data-live
      class={`verdict ${bad ? "bad" : doubtful ? "doubtful" : "good"}`}
      role={bad ? "alert" : undefined}
    >
      <p class="headline">
        {bad
          ? `${counted(doubleCharges.length, "SIM was", "SIMs were")} bought twice`
          : "Nothing was bought twice"}
      </p>
      <p>
        {given.simsBought === 0
          ? "No SIM has been bought yet."
          : `${counted(given.simsBought, "SIM")} bought, ${money(given.charged)} charged in all.`}
      </p>
      {bad && <Sims found={doubleCharges} />}
      {onlyClaimed.length > 0 && (
        <>
          <p>
            {counted(onlyClaimed.length, "SIM was", "SIMs were")} claimed again, after a claim that had been
            carried out:
          </p>
          <Sims found={onlyClaimed} />
        </>
      )}
      {concurrentClaims.length > 0 && (
        <p>
          Claims of one organization at the same time: requests{" "}
          {concurrentClaims.map(({ requests }) => requests.join(" and ")).join(", ")}.
        </p>
      )}
      {requestsAboveLimit.length > 0 && (
        <p>More SIMs than one request may hold: {requestsAboveLimit.join(", ")}.</p>
      )}
    </div>
  );
};

const SHOWN = 10;

const Sims = ({ found }: { found: Judgement["doubleCharges"] }) => (
  <ul>
    {found.slice(0, SHOWN).map(({ iccid, requests }) => (
      <li>
        <a href={`/sims?q=${iccid}`}>{iccid}</a>:{" "}
        {requests.map((n) => (n === 0 ? "by hand" : `request ${n}`)).join(", ")}
      </li>
    ))}
    {found.length > SHOWN && <li>and {count(found.length - SHOWN)} more</li>}
  </ul>
);
