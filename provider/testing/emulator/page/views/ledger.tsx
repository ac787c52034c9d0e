/** The ledger: what was charged, for which SIMs, and how often each was bought. */
import type { LedgerEntry } from "../../records";
import type { ChargeGroup } from "../reading/charges";
import { At, Cell, Empty, Field, Live, Pager, Row, Section, Table } from "./parts";
import { count, counted, money, times } from "./words";

/** The ledger as what belongs together, or SIM by SIM. */
export interface LedgerView {
  readonly by: "request" | "sim";
  readonly q: string;
  readonly groups: readonly ChargeGroup[];
  readonly entries: readonly (LedgerEntry & { readonly timesBought: number })[];
  readonly planNames: ReadonlyMap<number, string>;
  readonly total: number;
  readonly page: number;
  readonly pages: number;
}

export const LedgerPage = (given: LedgerView) => (
  <Section id="ledger" title={given.by === "request" ? "Charges by request" : "Charges by SIM"}>
    <div class="bar">
      <nav class="menu" aria-label="Form of the ledger">
        <a href="/ledger" aria-current={given.by === "request" ? "page" : undefined}>
          By request
        </a>
        <a href="/ledger?by=sim" aria-current={given.by === "sim" ? "page" : undefined}>
          By SIM
        </a>
      </nav>
      <search aria-label="Find charges of a SIM">
        <form method="get" action="/ledger" class="filter">
          <input type="hidden" name="by" value="sim" />
          <Field id="ledger-q" name="q" label="ICCID" kind="search" mode="numeric" value={given.q} />
          <button type="submit">Find</button>
        </form>
      </search>
    </div>
    <Live id="ledger-live">
      <p class="muted">
        {given.by === "request" ? counted(given.total, "line") : counted(given.total, "charge")}
      </p>
      {given.by === "request" ? (
        <ChargeGroups groups={given.groups} planNames={given.planNames} caption="Charges by request" />
      ) : (
        <Entries {...given} />
      )}
      <Pager
        path={given.by === "request" ? "/ledger" : `/ledger?by=sim&q=${encodeURIComponent(given.q)}`}
        page={given.page}
        pages={given.pages}
        label="Pages of the ledger"
      />
    </Live>
  </Section>
);

export const ChargeGroups = (given: {
  groups: readonly ChargeGroup[];
  planNames: ReadonlyMap<number, string>;
  caption: string;
}) => {
  if (given.groups.length === 0) return <Empty>Nothing has been charged yet.</Empty>;
  return (
    <Table
      id="charges"
      caption={given.caption}
      columns={[{ title: "Time" }, { title: "For" }, { title: "Charged", kind: "number" }, { title: "By" }]}
    >
      {given.groups.map(({ first, count: sims, total, boughtAgain }) => (
        <Row
          id={`charge-${first.request}-${first.at}-${first.iccid}-${first.kind}`}
          tone={boughtAgain > 0 ? "bad" : undefined}
        >
          <Cell of="Time">
            <At at={first.at} />
          </Cell>
          <Cell of="For" kind="lead">
            {occasion(first, sims)}{" "}
            <span class="muted">
              {given.planNames.get(first.plan) ?? `plan ${first.plan}`}, {first.zone}
            </span>
            {boughtAgain > 0 && <strong> {counted(boughtAgain, "SIM")} bought before</strong>}
          </Cell>
          <Cell of="Charged" kind="number">
            {money(total)}
            {sims > 1 && (
              <span class="under muted">
                {count(sims)} × {money(first.amount)}
              </span>
            )}
          </Cell>
          <Cell of="By">
            <By entry={first} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
};

const Entries = (given: LedgerView) => {
  if (given.entries.length === 0) {
    return (
      <Empty>{given.q === "" ? "Nothing has been charged yet." : "That SIM was charged nothing."}</Empty>
    );
  }
  return (
    <Table
      id="entries"
      caption="Charges by SIM"
      columns={[
        { title: "Time" },
        { title: "SIM" },
        { title: "For" },
        { title: "Charged", kind: "number" },
        { title: "By" },
        { title: "Bought" },
      ]}
    >
      {given.entries.map((entry) => (
        <Row
          id={`entry-${entry.iccid}-${entry.at}-${entry.request}-${entry.kind}`}
          tone={entry.timesBought > 1 ? "bad" : undefined}
        >
          <Cell of="Time">
            <At at={entry.at} />
          </Cell>
          <Cell of="SIM" kind="lead">
            <a class="number" href={`/sims/${entry.linkId}`}>
              {entry.iccid}
            </a>
          </Cell>
          <Cell of="For">
            {entry.kind === "activation" ? "activation" : "change of plan"}{" "}
            <span class="muted">
              {given.planNames.get(entry.plan) ?? `plan ${entry.plan}`}, {entry.zone}
            </span>
          </Cell>
          <Cell of="Charged" kind="number">
            {money(entry.amount)}
          </Cell>
          <Cell of="By">
            <By entry={entry} />
          </Cell>
          <Cell of="Bought">
            {entry.timesBought > 1 ? <strong>{times(entry.timesBought)}</strong> : times(entry.timesBought)}
          </Cell>
        </Row>
      ))}
    </Table>
  );
};

const By = ({ entry: { by, request } }: { entry: LedgerEntry }) =>
  by === "hand" ? (
    <>hand</>
  ) : (
    <a class="keep" href={`/requests/${request}`}>
      request {request}
    </a>
  );

function occasion({ kind }: LedgerEntry, sims: number): string {
  return kind === "activation"
    ? counted(sims, "activation")
    : counted(sims, "change of plan", "changes of plan");
}
