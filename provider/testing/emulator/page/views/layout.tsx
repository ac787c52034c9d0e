/** What every page of the account has: where one is, whether all is well, and what was just done. */
import type { Child } from "hono/jsx";
import type { Judgement } from "../../account/judge";
import { Verdict } from "./verdict";

/** What the layout needs to know on every page. */
export interface Frame {
  readonly title: string;
  /** Path of the entry in the navigation. */
  readonly section: string;
  readonly judgement: Judgement;
  /** SIMs whose activation was charged, and what all charges come to. */
  readonly simsBought: number;
  readonly charged: string;
  /** What was just done, or why it was not. */
  readonly notice?: Notice | undefined;
}

export interface Notice {
  readonly ok: boolean;
  readonly text: string;
}

export const Layout = ({ frame, children }: { frame: Frame; children: Child }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${frame.title} · Emulated Hologram account`}</title>
      <link rel="stylesheet" href="/assets/page.css" />
      <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
      <script src="/assets/live.js" defer />
    </head>
    <body>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href="/">
          <span class="mark" aria-hidden="true" />
          Emulated Hologram account
        </a>
        <nav class="menu" aria-label="Account">
          {SECTIONS.map(([path, text]) => (
            <a href={path} aria-current={path === frame.section ? "page" : undefined}>
              {text}
            </a>
          ))}
        </nav>
        <p class="line" id="line" role="status">
          <noscript>Reload the page to see news.</noscript>
        </p>
      </header>
      <main id="main" tabindex={-1}>
        <h1>{frame.title}</h1>
        {frame.notice && (
          <p class={`notice ${frame.notice.ok ? "good" : "bad"}`} role={frame.notice.ok ? "status" : "alert"}>
            {frame.notice.text}
          </p>
        )}
        <Verdict judgement={frame.judgement} simsBought={frame.simsBought} charged={frame.charged} />
        {children}
      </main>
      <footer>Nothing here is real: no SIM is switched on, and no money is spent. Times are in UTC.</footer>
    </body>
  </html>
);

const SECTIONS = [
  ["/", "Overview"],
  ["/sims", "SIMs"],
  ["/ledger", "Ledger"],
  ["/requests", "Requests"],
  ["/money", "Plans and money"],
  ["/faults", "Faults"],
] as const;
