/** The first page: how the account is, what comes in, and what was charged. */
import type { SeenRequest } from "../../records";
import type { ChargeGroup } from "../reading/charges";
import type { Overview } from "../reading/overview";
import { ChargeGroups } from "./ledger";
import { Packs } from "./packs";
import { Empty, Live, Section, State } from "./parts";
import { type Bought, RequestRows } from "./requests";
import { count } from "./words";

export interface OverviewView {
  readonly overview: Overview;
  readonly charges: readonly ChargeGroup[];
  readonly planNames: ReadonlyMap<number, string>;
  readonly requests: readonly SeenRequest[];
  readonly bought: Bought;
  /** Base address of the API. */
  readonly url: string;
}

export const OverviewPage = (given: OverviewView) => (
  <>
    <Live id="states">
      <ul class="tiles">
        <li>
          <a href="/sims">
            <b>{count(given.overview.sims)}</b> <span>{given.overview.sims === 1 ? "SIM" : "SIMs"}</span>
          </a>
        </li>
        {[...given.overview.states].map(([state, sims]) => (
          <li>
            <a href={`/sims?state=${encodeURIComponent(state)}`}>
              <b>{count(sims)}</b> <State state={state} />
            </a>
          </li>
        ))}
      </ul>
    </Live>
    <Section id="packs" title="Packs" more={{ href: "/money#packs-title", text: "Add a pack" }}>
      <Live id="packs-live">
        {given.overview.packs.length === 0 ? (
          <Empty>The account has no SIMs yet. Add a pack to have some.</Empty>
        ) : (
          <Packs packs={given.overview.packs} />
        )}
      </Live>
    </Section>
    <div class="columns uneven">
      <Section id="requests" title="Newest requests" more={{ href: "/requests", text: "All requests" }}>
        <Live id="requests-live">
          <RequestRows rows={given.requests} bought={given.bought} caption="Newest requests" />
        </Live>
        <p class="muted">
          Programs reach the account at <code>{given.url}</code>.
        </p>
      </Section>
      <Section id="ledger" title="Newest charges" more={{ href: "/ledger", text: "The whole ledger" }}>
        <Live id="ledger-live">
          <ChargeGroups groups={given.charges} planNames={given.planNames} caption="Newest charges" />
        </Live>
      </Section>
    </div>
  </>
);
