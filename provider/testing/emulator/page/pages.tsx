/** From the account to a page: what is asked for is read, and handed to its view. */
import type { HonoRequest } from "hono";
import type { Child } from "hono/jsx";
import { dollars } from "../account/activation";
import type { SimRow, StateChange } from "../account/pack";
import { snapshot } from "../control/testControls";
import { pathOf, readFilter } from "./actions/filter";
import { type Notices, SAID } from "./notices";
import type { PageHost } from "./pageHost";
import { Charges, findCharges } from "./reading/charges";
import { OverviewReader } from "./reading/overview";
import { listRequests, requestKinds } from "./reading/requestList";
import { listSims } from "./reading/simList";
import { FaultsPage } from "./views/faults";
import { Layout } from "./views/layout";
import { LedgerPage } from "./views/ledger";
import { MoneyPage } from "./views/money";
import { OverviewPage } from "./views/overview";
import { RequestPageView, RequestsPage } from "./views/requests";
import { SimPageView } from "./views/sim";
import type { Terms } from "./views/simActions";
import { SimsPage, type SimView } from "./views/sims";
import { money } from "./views/words";

type Asked = Pick<HonoRequest, "query" | "path">;

const NEWEST = 8;
const CHARGES_ON_A_PAGE = 50;

export class Pages {
  readonly #charges: Charges;
  readonly #overviewReader: OverviewReader;

  readonly #host: PageHost;
  readonly #token: string;
  readonly #notices: Notices;

  constructor(host: PageHost, token: string, notices: Notices) {
    this.#host = host;
    this.#token = token;
    this.#notices = notices;
    const { emulator, account } = host;
    this.#charges = new Charges(emulator.ledger);
    this.#overviewReader = new OverviewReader(account, emulator);
    emulator.subscribe(() => this.#overviewReader.forget());
  }

  overview(asked: Asked): string {
    const { emulator } = this.#host;
    return this.#laidOut(
      asked,
      "Overview",
      <OverviewPage
        overview={this.#overviewReader.read()}
        charges={this.#charges.groups(0, NEWEST)}
        planNames={this.#planNames()}
        requests={emulator.requests.slice(-NEWEST).toReversed()}
        bought={(n) => this.#charges.ofRequest(n)}
        url={emulator.url}
      />,
    );
  }

  sims(asked: Asked): string {
    const { account, emulator } = this.#host;
    const filter = readFilter({ text: (name) => asked.query(name)?.trim() || undefined });
    const { rows, total, page, pages } = listSims(account, filter, pageOf(asked));
    const view = {
      sims: rows.map((row) => this.#view(row)),
      total,
      page,
      pages,
      filter,
      states: [...this.#overviewReader.read().states.keys()].sort(),
      terms: this.#terms(),
      tags: emulator.tags().map(({ id, name }) => ({ value: String(id), text: name })),
      path: pathOf(filter),
    };
    const back = page === 1 ? view.path : `${view.path}${view.path.includes("?") ? "&" : "?"}page=${page}`;
    return this.#laidOut(asked, "SIMs", <SimsPage {...view} token={this.#token} back={back} />);
  }

  sim(asked: Asked, linkId: number): string | undefined {
    const { account, emulator } = this.#host;
    const row = account.inventory.link(linkId);
    if (row === undefined) return undefined;
    return this.#laidOut(
      asked,
      `SIM ${row.iccid}`,
      <SimPageView
        sim={this.#view(row)}
        history={historyOf(row)}
        charges={emulator.ledger.filter((entry) => entry.linkId === linkId)}
        terms={this.#terms()}
        token={this.#token}
        back={`/sims/${linkId}`}
      />,
      "/sims",
    );
  }

  ledger(asked: Asked): string {
    const by = asked.query("by") === "sim" ? "sim" : "request";
    const q = by === "sim" ? (asked.query("q") ?? "").trim() : "";
    const found = by === "sim" ? findCharges(this.#host.emulator.ledger, q) : undefined;
    const total = found === undefined ? this.#charges.groupCount : found.length;
    const pages = Math.max(1, Math.ceil(total / CHARGES_ON_A_PAGE));
    const page = Math.min(pageOf(asked), pages);
    const skip = (page - 1) * CHARGES_ON_A_PAGE;
    return this.#laidOut(
      asked,
      "Ledger",
      <LedgerPage
        by={by}
        q={q}
        groups={by === "request" ? this.#charges.groups(skip, CHARGES_ON_A_PAGE) : []}
        entries={(found?.newest(skip, CHARGES_ON_A_PAGE) ?? []).map((entry) => ({
          ...entry,
          timesBought: this.#charges.timesBought(entry.iccid),
        }))}
        planNames={this.#planNames()}
        total={total}
        page={page}
        pages={pages}
      />,
    );
  }

  requests(asked: Asked): string {
    const kind = requestKinds.find((each) => each === asked.query("kind"));
    const list = listRequests(this.#host.emulator.requests, kind, pageOf(asked));
    const bought = (n: number) => this.#charges.ofRequest(n);
    return this.#laidOut(asked, "Requests", <RequestsPage list={list} kind={kind} bought={bought} />);
  }

  request(asked: Asked, n: number): string | undefined {
    const seen = this.#host.emulator.requests.find((each) => each.n === n);
    if (seen === undefined) return undefined;
    const bought = (each: number) => this.#charges.ofRequest(each);
    return this.#laidOut(asked, `Request ${n}`, <RequestPageView seen={seen} bought={bought} />, "/requests");
  }

  money(asked: Asked): string {
    const { emulator } = this.#host;
    const organizations = emulator
      .organizations()
      .map((organization) => ({ ...organization, charged: this.#charges.ofOrganization(organization.id) }));
    return this.#laidOut(
      asked,
      "Plans and money",
      <MoneyPage
        plans={emulator.plans()}
        organizations={organizations}
        organizationChoices={this.#terms().organizations}
        packs={this.#overviewReader.read().packs}
        token={this.#token}
        back="/money"
      />,
    );
  }

  faults(asked: Asked): string {
    const { faults } = this.#host.emulator;
    return this.#laidOut(
      asked,
      "Faults",
      <FaultsPage planted={faults.list()} held={faults.held} token={this.#token} back="/faults" />,
    );
  }

  missing(): string {
    return this.#laidOut(
      undefined,
      "There is no such page",
      <p>
        Perhaps what it showed is gone. <a href="/">The overview</a> is still there.
      </p>,
    );
  }

  #laidOut(asked: Asked | undefined, title: string, content: Child, section = asked?.path ?? ""): string {
    const frame = {
      title,
      section,
      judgement: this.#overviewReader.read().judgement,
      simsBought: this.#charges.simsBought,
      charged: this.#charges.total,
      notice: this.#notices.take(asked?.query(SAID)),
    };
    return `<!DOCTYPE html>${<Layout frame={frame}>{content}</Layout>}`;
  }

  #view(row: SimRow): SimView {
    const { account } = this.#host;
    const sim = snapshot(account, row);
    return {
      ...sim,
      planName: sim.plan === undefined ? undefined : account.plans.get(sim.plan)?.name,
      tagNames: sim.tagIds.flatMap((tagId) => account.tags.get(tagId)?.name ?? []),
      timesBought: this.#charges.timesBought(row.iccid),
    };
  }

  #planNames(): ReadonlyMap<number, string> {
    return new Map(this.#host.emulator.plans().map(({ id, name }) => [id, name]));
  }

  #terms(): Terms {
    const { emulator, account } = this.#host;
    const plans = emulator.plans();
    return {
      plans: plans.map(({ id, name }) => ({ value: String(id), text: `${name} (${id})` })),
      zones: plans
        .filter(({ enabled }) => enabled !== false)
        .flatMap(({ id, name, zones }) =>
          Object.keys(zones).map((zone) => ({
            value: `${id} ${zone}`,
            text: `${name} (${id}), ${zone}: ${money(dollars(account.price(id, zone)))}`,
          })),
        ),
      organizations: emulator
        .organizations()
        .map(({ id, name }) => ({ value: String(id), text: `${name} (${id})` })),
    };
  }
}

/** The account writes down what comes after the activation. */
function historyOf({ claimedAt, state, history = [] }: SimRow): readonly StateChange[] {
  if (claimedAt === undefined) return history;
  return [{ at: claimedAt, from: "INACTIVE", to: history[0]?.from ?? state, reason: "USER" }, ...history];
}

function pageOf(asked: Asked): number {
  const text = asked.query("page") ?? "";
  return /^\d{1,9}$/.test(text) ? Math.max(1, Number(text)) : 1;
}
