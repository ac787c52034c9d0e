/** The account as a page for people: opened when somebody looks at it for the first time, and not before. */
import { type Context, Hono } from "hono";
import type { PageHandler } from "../contract";
import { arrangeFault, clearFaults, releaseHeld } from "./actions/faultActions";
import { Form } from "./actions/form";
import { addOrganization, addPack, setBalance, setPrice } from "./actions/moneyActions";
import { changeSims } from "./actions/simActions";
import { assetAt } from "./assets";
import { Guard, headers } from "./guard";
import { tellNews } from "./live";
import { Notices } from "./notices";
import type { Action, PageHost } from "./pageHost";
import { Pages } from "./pages";

export type { PageHost } from "./pageHost";

/** Answers for everything that is neither the API nor its control interface. */
export function openPage(host: PageHost): PageHandler {
  const guard = new Guard();
  const notices = new Notices();
  const pages = new Pages(host, guard.token, notices);
  const app = new Hono({ strict: false });

  app.use(async (context, next) => {
    const refusal = guard.refusal(context.req.raw);
    if (refusal !== undefined) return context.text(refusal, 403, headers);
    await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  });
  app.get("/", (context) => show(context, pages.overview(context.req)));
  app.get("/sims", (context) => show(context, pages.sims(context.req)));
  app.get("/sims/:link{[0-9]+}", (context) =>
    show(context, pages.sim(context.req, Number(context.req.param("link")))),
  );
  app.get("/ledger", (context) => show(context, pages.ledger(context.req)));
  app.get("/requests", (context) => show(context, pages.requests(context.req)));
  app.get("/requests/:n{[0-9]+}", (context) =>
    show(context, pages.request(context.req, Number(context.req.param("n")))),
  );
  app.get("/money", (context) => show(context, pages.money(context.req)));
  app.get("/faults", (context) => show(context, pages.faults(context.req)));
  app.get("/events", (context) => tellNews(context, (listener) => host.emulator.subscribe(listener)));
  app.post("/do/:action", async (context) => {
    const action = actions.get(context.req.param("action"));
    if (action === undefined) return show(context, undefined);
    const fields = new URLSearchParams(await context.req.text());
    if (!guard.holds(fields.get("token") ?? "")) return context.text(OLD_PAGE, 403);
    const notice = notices.keep(() => action(host, new Form(fields)));
    return context.redirect(notices.address(fields.get("back") ?? "/", notice), 303);
  });
  app.get("*", (context) => {
    const asset = assetAt(context.req.path);
    return asset === undefined
      ? show(context, undefined)
      : context.body(asset.text, 200, { "content-type": asset.type });
  });
  app.all("*", (context) => show(context, undefined));

  function show(context: Context, page: string | undefined): Response {
    return page === undefined ? context.html(pages.missing(), 404) : context.html(page);
  }
  return (request) => app.fetch(request);
}

const actions: ReadonlyMap<string, Action> = new Map(
  Object.entries<Action>({
    sims: changeSims,
    price: setPrice,
    balance: setBalance,
    organization: addOrganization,
    pack: addPack,
    fault: arrangeFault,
    "clear-faults": clearFaults,
    release: releaseHeld,
  }),
);

const OLD_PAGE =
  "Nothing was done: the page is from an earlier run of the emulator, or another site sent the form. Open the page again.";
