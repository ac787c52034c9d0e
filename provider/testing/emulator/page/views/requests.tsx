/** The requests that programs sent, newest first, the claims marked. */
import type { SeenRequest } from "../../records";
import {
  bodySummary,
  bodyText,
  kindOf,
  queryText,
  type RequestKind,
  type RequestPage,
  requestKinds,
  shortened,
} from "../reading/requestList";
import { At, Cell, Empty, Live, Pager, Row, Section, Table } from "./parts";
import { count, counted, dateAndTime, money } from "./words";

/** What a request was charged for. */
export type Bought = (n: number) => { readonly count: number; readonly total: string } | undefined;

export interface RequestsView {
  readonly list: RequestPage;
  readonly kind: RequestKind | undefined;
  readonly bought: Bought;
}

export const RequestsPage = ({ list, kind, bought }: RequestsView) => (
  <Section id="requests" title={kind === undefined ? "All requests" : TITLES[kind]}>
    <nav class="menu" aria-label="Kinds of requests">
      <a href="/requests" aria-current={kind === undefined ? "page" : undefined}>
        All
      </a>
      {requestKinds.map((each) => (
        <a href={`/requests?kind=${each}`} aria-current={each === kind ? "page" : undefined}>
          {TITLES[each]}
        </a>
      ))}
    </nav>
    <Live id="requests-live">
      <p class="muted">{counted(list.total, "request")}</p>
      <RequestRows rows={list.rows} bought={bought} caption="Requests, newest first" bodies />
      <Pager
        path={kind === undefined ? "/requests" : `/requests?kind=${kind}`}
        page={list.page}
        pages={list.pages}
        label="Pages of requests"
      />
    </Live>
  </Section>
);

export const RequestRows = (given: {
  rows: readonly SeenRequest[];
  bought: Bought;
  caption: string;
  bodies?: boolean;
}) => {
  if (given.rows.length === 0) return <Empty>No program has asked for anything yet.</Empty>;
  return (
    <Table
      id="request-rows"
      caption={given.caption}
      columns={[
        { title: "Number", kind: "number" },
        { title: "Time" },
        { title: "Request" },
        { title: "Answer" },
      ]}
    >
      {given.rows.map((seen) => (
        <Row id={`request-${seen.n}`} tone={kindOf(seen) === "claim" ? "claim" : undefined}>
          <Cell of="Number" kind="number">
            <a href={`/requests/${seen.n}`}>{seen.n}</a>
          </Cell>
          <Cell of="Time">
            <At at={seen.at} />
          </Cell>
          <Cell of="Request" kind="lead">
            <Kind kind={kindOf(seen)} /> <Line seen={seen} query={given.bodies === true ? 160 : 30} />
            {given.bodies === true && <Body seen={seen} />}
          </Cell>
          <Cell of="Answer">
            <Answered seen={seen} bought={given.bought(seen.n)} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
};

export const RequestPageView = ({ seen, bought }: { seen: SeenRequest; bought: Bought }) => (
  <Section id="request" title={`Request ${seen.n}`} more={{ href: "/requests", text: "All requests" }}>
    <Live id="request-live">
      <dl class="facts">
        <dt>Request</dt>
        <dd>
          <Kind kind={kindOf(seen)} /> <Line seen={seen} query={10_000} />
        </dd>
        <dt>Time</dt>
        <dd>{dateAndTime(seen.at)}</dd>
        <dt>Answer</dt>
        <dd>
          <Answered seen={seen} bought={bought(seen.n)} />
        </dd>
      </dl>
      <h3>Body</h3>
      {seen.body === undefined ? (
        <Empty>It has none.</Empty>
      ) : (
        <Scrollable label="Body of the request">{bodyText(seen.body)}</Scrollable>
      )}
    </Live>
  </Section>
);

const TITLES: Readonly<Record<RequestKind, string>> = {
  claim: "Claims",
  preview: "Previews",
  change: "Other changes",
  read: "Reads",
};

const Kind = ({ kind }: { kind: RequestKind }) => <span class={`kind of-${kind}`}>{kind}</span>;

/** Method and path; below them the query, of which so many characters are shown. */
const Line = ({ seen, query }: { seen: SeenRequest; query: number }) => (
  <>
    <code>
      {seen.method} {seen.path}
    </code>
    {queryText(seen) !== "" && <code class="query muted">{shortened(queryText(seen), query)}</code>}
  </>
);

const SHOWN_CHARACTERS = 1500;

/** Short bodies as they are; a claim of thousands of SIMs has a page of its own. */
const Body = ({ seen }: { seen: SeenRequest }) => {
  if (seen.body === undefined) return null;
  const text = bodyText(seen.body);
  return (
    <details id={`body-${seen.n}`}>
      <summary>{bodySummary(seen.body)}</summary>
      <Scrollable label={`Body of request ${seen.n}`}>{shortened(text, SHOWN_CHARACTERS)}</Scrollable>
      {text.length > SHOWN_CHARACTERS && (
        <a href={`/requests/${seen.n}`}>The whole body, {count(text.length)} characters</a>
      )}
    </details>
  );
};

/** What scrolls has to be reached by keyboard, and to have a name then. */
const Scrollable = ({ label, children }: { label: string; children: string }) => (
  <section class="body" tabindex={0} aria-label={label}>
    <pre>{children}</pre>
  </section>
);

const Answered = ({ seen, bought }: { seen: SeenRequest; bought: ReturnType<Bought> }) => (
  <>
    {seen.status === 0 ? (
      <strong class="bad-text">no answer</strong>
    ) : (
      <span class={seen.status >= 400 ? "bad-text" : ""}>{seen.status}</span>
    )}
    {bought !== undefined && (
      <span class="under muted">
        {count(bought.count)} charged, {money(bought.total)}
      </span>
    )}
  </>
);
