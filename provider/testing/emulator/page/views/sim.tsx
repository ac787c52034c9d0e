/** One SIM: all that is known of it, what happened to it, what it was charged, and what can be done with it. */
import type { StateChange } from "../../account/pack";
import type { LedgerEntry } from "../../records";
import { ActionForm, Cell, Empty, type FormSetting, Live, Row, Section, State, Table } from "./parts";
import { SimActions, type Terms } from "./simActions";
import { LimitsOf, PlanOf, type SimView } from "./sims";
import { dateAndTime, money, times } from "./words";

export interface OneSimView extends FormSetting {
  readonly sim: SimView;
  readonly history: readonly StateChange[];
  readonly charges: readonly LedgerEntry[];
  readonly terms: Terms;
}

export const SimPageView = (given: OneSimView) => {
  const { sim } = given;
  return (
    <>
      <Section
        id="sim"
        title={sim.deviceName ?? "Not claimed yet"}
        more={{ href: "/sims", text: "All SIMs" }}
      >
        <Live id="sim-live">
          <dl class="facts">
            <dt>State</dt>
            <dd>
              <State state={sim.state} />
            </dd>
            <dt>Plan and zone</dt>
            <dd>
              <PlanOf sim={sim} />
            </dd>
            <dt>Limits</dt>
            <dd>
              <LimitsOf sim={sim} />
            </dd>
            <dt>Tags</dt>
            <dd>
              {sim.tagNames.map((name) => (
                <span class="tag">{name}</span>
              ))}
            </dd>
            <dt>Organization</dt>
            <dd>{sim.orgId}</dd>
            <dt>Device</dt>
            <dd>{sim.deviceId ?? "none"}</dd>
            <dt>Link, card</dt>
            <dd>
              {sim.linkId}, {sim.simCardId}
            </dd>
            {sim.eid !== undefined && (
              <>
                <dt>EID</dt>
                <dd class="number">{sim.eid}</dd>
              </>
            )}
            <dt>Bought</dt>
            <dd>
              {sim.timesBought > 1 ? (
                <strong class="bad-text">{times(sim.timesBought)}</strong>
              ) : (
                times(sim.timesBought)
              )}
            </dd>
          </dl>
        </Live>
        <ActionForm to="sims" token={given.token} back={given.back} label="Do with this SIM">
          <input type="hidden" name="pick" value={sim.iccid} />
          <SimActions terms={given.terms} />
        </ActionForm>
      </Section>
      <div class="columns">
        <Section id="history" title="History">
          <Live id="history-live">
            <History changes={given.history} />
          </Live>
        </Section>
        <Section id="charges-of" title="Charges">
          <Live id="charges-live">
            <Charges charges={given.charges} />
          </Live>
        </Section>
      </div>
    </>
  );
};

const History = ({ changes }: { changes: readonly StateChange[] }) => {
  if (changes.length === 0) return <Empty>It is as it came out of the box.</Empty>;
  return (
    <Table
      id="history-rows"
      caption="Changes of state"
      columns={[{ title: "Time" }, { title: "From" }, { title: "To" }]}
    >
      {changes.map(({ at, from, to }, place) => (
        <Row id={`history-${place}`}>
          <Cell of="Time">{dateAndTime(at)}</Cell>
          <Cell of="From">
            <State state={from} />
          </Cell>
          <Cell of="To">
            <State state={to} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
};

const Charges = ({ charges }: { charges: readonly LedgerEntry[] }) => {
  if (charges.length === 0) return <Empty>It was charged nothing.</Empty>;
  return (
    <Table
      id="charge-rows"
      caption="Charges of this SIM"
      columns={[{ title: "Time" }, { title: "For" }, { title: "Charged", kind: "number" }, { title: "By" }]}
    >
      {charges.map(({ at, kind, plan, zone, amount, by, request }, place) => (
        <Row id={`charge-${place}`}>
          <Cell of="Time">{dateAndTime(at)}</Cell>
          <Cell of="For">
            {kind === "activation" ? "activation" : "change of plan"}{" "}
            <span class="muted">
              {plan}, {zone}
            </span>
          </Cell>
          <Cell of="Charged" kind="number">
            {money(amount)}
          </Cell>
          <Cell of="By">
            {by === "hand" ? "hand" : <a href={`/requests/${request}`}>request {request}</a>}
          </Cell>
        </Row>
      ))}
    </Table>
  );
};
