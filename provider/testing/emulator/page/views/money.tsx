/** What things cost and who pays: plans with their prices, organizations with their balances; and packs of new SIMs. */
import type { PlanSetup } from "../../accountSetup";
import type { OrganizationSnapshot } from "../../records";
import type { PackGlance } from "../reading/overview";
import {
  ActionForm,
  Cell,
  type Choice,
  Empty,
  Field,
  type FormSetting,
  Live,
  Row,
  Section,
  Select,
  Table,
} from "./parts";
import { bytes, count, money } from "./words";

export interface MoneyView extends FormSetting {
  readonly plans: readonly PlanSetup[];
  readonly organizations: readonly (OrganizationSnapshot & { readonly charged: string })[];
  readonly organizationChoices: readonly Choice[];
  readonly packs: readonly PackGlance[];
}

export const MoneyPage = (given: MoneyView) => (
  <>
    <Section id="plans" title="Plans and prices">
      <p class="muted">
        What a SIM is charged at activation, and then every month. A new price holds for claims from now on.
      </p>
      <Table
        id="plan-rows"
        caption="Plans and prices"
        columns={[{ title: "Plan" }, { title: "Zone" }, { title: "Data" }, { title: "Price a month" }]}
      >
        {given.plans.flatMap((plan) =>
          Object.entries(plan.zones).map(([zone, amount], place) => (
            <PriceRow
              plan={plan}
              zone={zone}
              amount={amount}
              place={place}
              token={given.token}
              back={given.back}
            />
          )),
        )}
      </Table>
    </Section>
    <Section id="organizations" title="Organizations and balances">
      <Live id="organizations-live">
        <Table
          id="organization-rows"
          caption="Organizations and balances"
          columns={[
            { title: "Organization" },
            { title: "Balance", kind: "number" },
            { title: "Charged so far", kind: "number" },
          ]}
        >
          {given.organizations.map(({ id, name, balance, charged }) => (
            <Row id={`organization-${id}`}>
              <Cell of="Organization" kind="lead">
                {name} <span class="muted">{id}</span>
              </Cell>
              <Cell of="Balance" kind="number">
                {money(balance)}
              </Cell>
              <Cell of="Charged so far" kind="number">
                {money(charged)}
              </Cell>
            </Row>
          ))}
        </Table>
      </Live>
      <div class="columns">
        <ActionForm to="balance" token={given.token} back={given.back} label="Set a balance" class="inline">
          <h3>Set a balance</h3>
          <Select id="balance-org" name="org" label="Organization" choices={given.organizationChoices} />
          <Field id="balance" name="balance" label="US dollars" mode="decimal" hint="1000.00" required />
          <button type="submit">Set it</button>
        </ActionForm>
        <ActionForm
          to="organization"
          token={given.token}
          back={given.back}
          label="Add an organization"
          class="inline"
        >
          <h3>Add an organization</h3>
          <Field id="org-name" name="name" label="Name" required />
          <label class="check">
            <input type="checkbox" name="seen" value="yes" checked /> seen by the account's admin keys
          </label>
          <button type="submit">Add it</button>
          <p class="muted">
            A program whose key sees several has to name one: <code>orgId</code>, or{" "}
            <code>HOLOGRAM_ORG_ID</code>.
          </p>
        </ActionForm>
      </div>
    </Section>
    <Section id="packs" title="Packs of SIMs">
      <Live id="packs-live">
        {given.packs.length === 0 ? <Empty>There are none yet.</Empty> : <PackRows packs={given.packs} />}
      </Live>
      <ActionForm to="pack" token={given.token} back={given.back} label="Add a pack" class="inline">
        <h3>Add a pack</h3>
        <Field
          id="pack-first"
          name="first"
          label="ICCID of the first card"
          mode="numeric"
          hint="18 to 22 digits"
          required
        />
        <Field id="pack-count" name="count" label="Number of SIMs" mode="numeric" value="100" required />
        <Field id="pack-step" name="step" label="Distance of ICCIDs" mode="numeric" value="10" required />
        <Field id="pack-eid" name="eid" label="EID of the first card" mode="numeric" hint="only for eSIMs" />
        <Select id="pack-org" name="org" label="Organization" choices={given.organizationChoices} />
        <label class="check">
          <input type="checkbox" name="listed" value="yes" checked /> listed before they are claimed
        </label>
        <button type="submit">Add the pack</button>
      </ActionForm>
    </Section>
  </>
);

const PriceRow = (given: FormSetting & { plan: PlanSetup; zone: string; amount: string; place: number }) => {
  const { plan, zone, amount } = given;
  const id = `price-${plan.id}-${given.place}`;
  return (
    <Row id={`plan-${plan.id}-${given.place}`}>
      <Cell of="Plan" kind="lead">
        {plan.name} <span class="muted">{plan.id}</span>
        {plan.enabled === false && <strong> switched off</strong>}
      </Cell>
      <Cell of="Zone">{zone}</Cell>
      <Cell of="Data">{(plan.data ?? 0) === 0 ? "pay as you go" : bytes(plan.data ?? 0)}</Cell>
      <Cell of="Price a month">
        <ActionForm to="price" token={given.token} back={given.back} class="price">
          <input type="hidden" name="plan" value={String(plan.id)} />
          <input type="hidden" name="zone" value={zone} />
          <label class="hidden" for={id}>
            Price of {plan.name} in zone {zone}, US dollars
          </label>
          <span aria-hidden="true">$</span>
          <input
            id={id}
            name="amount"
            inputmode="decimal"
            value={amount}
            size={10}
            autocomplete="off"
            required
          />
          <button type="submit">Change</button>
        </ActionForm>
      </Cell>
    </Row>
  );
};

const PackRows = ({ packs }: { packs: readonly PackGlance[] }) => (
  <Table
    id="pack-rows"
    caption="Packs"
    columns={[
      { title: "First and last ICCID" },
      { title: "SIMs", kind: "number" },
      { title: "Distance", kind: "number" },
      { title: "Organization" },
    ]}
  >
    {packs.map(({ first, last, count: sims, step, orgId, listed }) => (
      <Row id={`pack-${first}`}>
        <Cell of="First and last ICCID" kind="lead">
          <a class="number" href={`/sims?q=${first}-${last}`}>
            {first}-{last}
          </a>
          {!listed && <span class="under muted">not listed before they are claimed</span>}
        </Cell>
        <Cell of="SIMs" kind="number">
          {count(sims)}
        </Cell>
        <Cell of="Distance" kind="number">
          {step}
        </Cell>
        <Cell of="Organization">{orgId}</Cell>
      </Row>
    ))}
  </Table>
);
