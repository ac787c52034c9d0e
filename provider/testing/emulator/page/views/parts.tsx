/** What all views are made of. */
import type { Child } from "hono/jsx";
import { count, dateAndTime, standingOf, time } from "./words";

export const State = ({ state }: { state: string }) => (
  <span class={`state is-${standingOf(state)}`}>{state}</span>
);

export const At = ({ at }: { at: number }) => (
  <time datetime={new Date(at).toISOString()} title={`${dateAndTime(at)} UTC`}>
    {time(at)}
  </time>
);

/** A heading, what belongs to it, and an optional link to more of it. */
export const Section = (given: {
  id: string;
  title: string;
  /** For screen readers alone, where the heading of the page says the same. */
  quiet?: boolean;
  more?: { href: string; text: string };
  children: Child;
}) => (
  <section class="card" aria-labelledby={`${given.id}-title`}>
    <div class={given.quiet === true ? "hidden" : "card-head"}>
      <h2 id={`${given.id}-title`}>{given.title}</h2>
      {given.more && <a href={given.more.href}>{given.more.text}</a>}
    </div>
    {given.children}
  </section>
);

/**
 * A table that becomes a list of cards on a narrow screen. There it is displayed as no table any more, and browsers forget
 * what it is: hence the roles, which say it all the same.
 */
export const Table = (given: {
  id: string;
  caption: string;
  columns: readonly Column[];
  children: Child;
}) => (
  // biome-ignore lint/a11y/noRedundantRoles: see above.
  <table role="table" id={given.id} aria-label={given.caption}>
    {/* biome-ignore lint/a11y/noRedundantRoles: see above. */}
    <thead role="rowgroup">
      {/* biome-ignore lint/a11y/noRedundantRoles: see above. */}
      <tr role="row">
        {given.columns.map((column) => (
          // biome-ignore lint/a11y/noRedundantRoles: see above.
          <th role="columnheader" scope="col" class={column.kind ?? ""}>
            {column.title}
          </th>
        ))}
      </tr>
    </thead>
    {/* biome-ignore lint/a11y/noRedundantRoles: see above. */}
    <tbody role="rowgroup">{given.children}</tbody>
  </table>
);

export interface Column {
  readonly title: string;
  /** `number`: aligned to the right; `pick`: a box to tick. */
  readonly kind?: "number" | "pick";
}

/** A row of `Table`; `id` is the same for the same thing at all times. */
export const Row = (given: { id: string; tone?: "bad" | "claim" | undefined; children: Child }) => (
  // biome-ignore lint/a11y/noRedundantRoles: see `Table`.
  <tr role="row" id={given.id} class={given.tone ?? ""}>
    {given.children}
  </tr>
);

/** A cell of `Table`, which says its column's title where columns are not side by side. */
export const Cell = (given: { of: string; kind?: "number" | "pick" | "lead"; children?: Child }) => (
  // biome-ignore lint/a11y/noRedundantRoles: see `Table`.
  <td role="cell" data-of={given.of} class={given.kind ?? ""}>
    {given.children}
  </td>
);

export const Empty = ({ children }: { children: Child }) => <p class="empty">{children}</p>;

/** Links to the pages of a list; `path` carries its filter. */
export const Pager = (given: { path: string; page: number; pages: number; label: string }) => {
  if (given.pages === 1) return null;
  const to = (page: number) => `${given.path}${given.path.includes("?") ? "&" : "?"}page=${page}`;
  const { page, pages } = given;
  return (
    <nav class="pager" aria-label={given.label}>
      {page > 1 ? (
        <>
          <a href={to(1)}>First</a> <a href={to(page - 1)}>Previous</a>
        </>
      ) : (
        <span class="muted">First page</span>
      )}
      <span>
        Page {count(page)} of {count(pages)}
      </span>
      {page < pages ? (
        <>
          <a href={to(page + 1)}>Next</a> <a href={to(pages)}>Last</a>
        </>
      ) : (
        <span class="muted">Last page</span>
      )}
    </nav>
  );
};

/** A part of the page that is replaced when the account changes. */
export const Live = ({ id, children }: { id: string; children: Child }) => (
  <div id={id} data-live>
    {children}
  </div>
);

export interface Choice {
  readonly value: string;
  readonly text: string;
}

export const Select = (given: {
  id: string;
  name: string;
  label: string;
  choices: readonly Choice[];
  value?: string | undefined;
}) => (
  <div class="field">
    <label for={given.id}>{given.label}</label>
    <select id={given.id} name={given.name}>
      {given.choices.map(({ value, text }) => (
        <option value={value} selected={value === given.value}>
          {text}
        </option>
      ))}
    </select>
  </div>
);

export const Field = (given: {
  id: string;
  name: string;
  label: string;
  value?: string | undefined;
  hint?: string;
  kind?: "text" | "search";
  mode?: "text" | "numeric" | "decimal";
  required?: boolean;
}) => (
  <div class="field">
    <label for={given.id}>{given.label}</label>
    <input
      id={given.id}
      name={given.name}
      type={given.kind ?? "text"}
      inputmode={given.mode ?? "text"}
      value={given.value ?? ""}
      placeholder={given.hint ?? ""}
      required={given.required === true}
      autocomplete="off"
      spellcheck={false}
    />
  </div>
);

/** Where a form goes, and what lets it in. */
export interface FormSetting {
  readonly token: string;
  /** Path of the page that it stands on, to come back to. */
  readonly back: string;
}

/** A form that does something; it needs no script. */
export const ActionForm = (
  given: FormSetting & { to: string; label?: string; class?: string; id?: string; children: Child },
) => (
  <form
    id={given.id}
    method="post"
    action={`/do/${given.to}`}
    class={given.class ?? ""}
    aria-label={given.label}
  >
    <input type="hidden" name="token" value={given.token} />
    <input type="hidden" name="back" value={given.back} />
    {given.children}
  </form>
);
