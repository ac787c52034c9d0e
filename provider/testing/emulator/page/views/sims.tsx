/** The list of SIMs: found by number, name, state, plan, organization and tag, ticked, and changed. */
import type { SimSnapshot } from "../../records";
import type { SimFilter } from "../reading/simList";
import {
  ActionForm,
  Cell,
  type Choice,
  Empty,
  Field,
  type FormSetting,
  Live,
  Pager,
  Row,
  Section,
  Select,
  State,
  Table,
} from "./parts";
import { SimActions, type Terms } from "./simActions";
import { bytes, counted, times } from "./words";

/** A SIM as the list shows it. */
export interface SimView extends SimSnapshot {
  readonly planName: string | undefined;
  readonly tagNames: readonly string[];
  readonly timesBought: number;
}

export interface SimsView extends FormSetting {
  readonly sims: readonly SimView[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  readonly filter: SimFilter;
  readonly states: readonly string[];
  readonly terms: Terms;
  readonly tags: readonly Choice[];
  /** Address of the first page with this filter. */
  readonly path: string;
}

export const SimsPage = (given: SimsView) => (
  <Section id="sims" title="Find and change SIMs" quiet>
    <Filter {...given} />
    <ActionForm
      to="sims"
      token={given.token}
      back={given.back}
      label="SIMs and what to do with them"
      id="sims-form"
    >
      <FilterFields filter={given.filter} />
      {given.total > 0 && <SimActions terms={given.terms} which={given.total} />}
      <Live id="sims-live">
        <p class="muted">
          {counted(given.total, "SIM")}
          {isFiltered(given.filter) ? " found" : ""}
        </p>
        {given.total === 0 ? (
          <Empty>{isFiltered(given.filter) ? "No SIM is like that." : "The account has no SIMs yet."}</Empty>
        ) : (
          <SimRows sims={given.sims} organizations={given.terms.organizations.length > 1} />
        )}
        <Pager path={given.path} page={given.page} pages={given.pages} label="Pages of SIMs" />
      </Live>
    </ActionForm>
  </Section>
);

const Filter = ({ filter, states, terms, tags }: SimsView) => (
  <search aria-label="Find SIMs">
    <form method="get" action="/sims" class="filter">
      <Field
        id="q"
        name="q"
        label="Number or name"
        kind="search"
        hint="ICCID, range, device, name"
        value={filter.q}
      />
      <Select
        id="state"
        name="state"
        label="State"
        value={filter.state}
        choices={[ANY, ...states.map((state) => ({ value: state, text: state }))]}
      />
      <Select
        id="plan"
        name="plan"
        label="Plan"
        value={textOf(filter.plan)}
        choices={[ANY, ...terms.plans]}
      />
      {terms.organizations.length > 1 && (
        <Select
          id="org"
          name="org"
          label="Organization"
          value={textOf(filter.org)}
          choices={[ANY, ...terms.organizations]}
        />
      )}
      {tags.length > 0 && (
        <Select id="tag" name="tag" label="Tag" value={textOf(filter.tag)} choices={[ANY, ...tags]} />
      )}
      <button type="submit">Find</button>
      {isFiltered(filter) && <a href="/sims">Show all</a>}
    </form>
  </search>
);

/** What "all that match" means when the form arrives. */
const FilterFields = ({ filter }: { filter: SimFilter }) => (
  <>
    {Object.entries(filter).map(([name, value]) => (
      <input type="hidden" name={name} value={String(value)} />
    ))}
  </>
);

const SimRows = ({ sims, organizations }: { sims: readonly SimView[]; organizations: boolean }) => (
  <Table
    id="sim-rows"
    caption="SIMs"
    columns={[
      { title: "Tick", kind: "pick" },
      { title: "ICCID" },
      { title: "State" },
      { title: "Plan and zone" },
      { title: "Limits" },
      { title: "Tags" },
      ...(organizations ? [{ title: "Organization" }] : []),
      { title: "Device", kind: "number" as const },
      { title: "Link", kind: "number" as const },
      { title: "Bought" },
    ]}
  >
    {sims.map((sim) => (
      <Row id={`sim-${sim.linkId}`} tone={sim.timesBought > 1 ? "bad" : undefined}>
        <Cell of="Tick" kind="pick">
          <input
            type="checkbox"
            name="pick"
            id={`pick-${sim.linkId}`}
            value={sim.iccid}
            aria-label={`SIM ${sim.iccid}`}
          />
        </Cell>
        <Cell of="ICCID" kind="lead">
          <a class="number" href={`/sims/${sim.linkId}`}>
            {sim.iccid}
          </a>
          {sim.deviceName !== undefined && <span class="under muted">{sim.deviceName}</span>}
        </Cell>
        <Cell of="State">
          <State state={sim.state} />
        </Cell>
        <Cell of="Plan and zone">
          <PlanOf sim={sim} />
        </Cell>
        <Cell of="Limits">
          <LimitsOf sim={sim} />
        </Cell>
        <Cell of="Tags">
          {sim.tagNames.map((name) => (
            <span class="tag">{name}</span>
          ))}
        </Cell>
        {organizations && <Cell of="Organization">{sim.orgId}</Cell>}
        <Cell of="Device" kind="number">
          {sim.deviceId}
        </Cell>
        <Cell of="Link" kind="number">
          {sim.linkId}
        </Cell>
        <Cell of="Bought">
          {sim.timesBought > 1 ? (
            <strong>{times(sim.timesBought)}</strong>
          ) : sim.timesBought === 1 ? (
            "once"
          ) : (
            ""
          )}
        </Cell>
      </Row>
    ))}
  </Table>
);

export const PlanOf = ({ sim }: { sim: SimView }) =>
  sim.plan === undefined ? null : (
    <>
      {sim.planName ?? `Plan ${sim.plan}`}
      <span class="under muted">
        {sim.plan}, {sim.zone}
      </span>
    </>
  );

/** Limits that are none are left out; every SIM with a device has one on its messages. */
export const LimitsOf = ({ sim }: { sim: SimView }) => {
  if (sim.deviceId === undefined) return null;
  return (
    <>
      {sim.overageLimit < 0 ? <span class="muted keep">no data limit</span> : bytes(sim.overageLimit)}
      <span class="under muted">
        {sim.threshold < 0 ? "" : `warns at ${bytes(sim.threshold)}, `}
        {counted(sim.smsLimit, "SMS", "SMS")}
      </span>
    </>
  );
};

const ANY: Choice = { value: "", text: "Any" };

function isFiltered(filter: SimFilter): boolean {
  return Object.keys(filter).length > 0;
}

function textOf(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
