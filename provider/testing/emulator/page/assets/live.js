/**
 * Keeps what is shown up to date. The page works without it: nothing here does anything that a reload does not.
 * At news from the account the page is asked for once more, and the parts that are marked as live take its place.
 */
/** A part that is read in between need not flicker: news that come closer together are shown as one. */
const APART_MILLISECONDS = 300;
/** States that are on their way settle without news. */
const PENDING_MILLISECONDS = 1000;

const line = document.getElementById("line");
const shown = new Map(live(document).map((part) => [part.id, part.innerHTML]));
let asking = false;
let news = false;
let waiting;

let source;

/** What a screen reader says when something was bought; the tables change without a word. */
const spoken = document.body.appendChild(document.createElement("p"));
spoken.className = "hidden";
spoken.setAttribute("role", "status");

listen();
document.addEventListener("visibilitychange", listen);
forgetNotice();
lookAgainWhilePending();

/** Only while somebody looks: a browser opens six lines to one address, and as many pages would take them all. */
function listen() {
  if (document.hidden) {
    source?.close();
    source = undefined;
    return;
  }
  if (source !== undefined) return;
  source = new EventSource("/events");
  source.addEventListener("open", () => say("live", "Live"));
  source.addEventListener("error", () => say("lost", "The emulator does not answer"));
  source.addEventListener("message", look);
}

async function look() {
  news = true;
  if (asking || document.hidden) return;
  asking = true;
  try {
    while (news && !document.hidden) {
      news = false;
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.ok) replaceAll(new DOMParser().parseFromString(await answer.text(), "text/html"));
      await new Promise((resolve) => setTimeout(resolve, APART_MILLISECONDS));
    }
  } catch {
    // The line says so, and the source tries again.
  } finally {
    asking = false;
  }
}

function replaceAll(next) {
  for (const part of live(document)) {
    const fresh = next.getElementById(part.id);
    if (fresh === null || shown.get(part.id) === fresh.innerHTML || isBeingRead(part)) continue;
    shown.set(part.id, fresh.innerHTML);
    replace(part, fresh);
    if (part.id === "verdict") spoken.textContent = part.textContent;
  }
  lookAgainWhilePending();
}

/** What a person ticked, opened and is at stays as it is. */
function replace(part, fresh) {
  const rows = new Set([...part.querySelectorAll("tr[id]")].map(({ id }) => id));
  const ticked = [...part.querySelectorAll("input:checked")].map(({ id }) => id);
  const opened = [...part.querySelectorAll("details[open]")].map(({ id }) => id);
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const place = focused === null ? -1 : focusable(part).indexOf(focused);
  const row = focused?.closest("tr[id]")?.id;

  part.className = fresh.className;
  for (const name of ["role", "aria-label"]) {
    if (fresh.hasAttribute(name)) part.setAttribute(name, fresh.getAttribute(name));
    else part.removeAttribute(name);
  }
  part.replaceChildren(...fresh.childNodes);

  for (const id of ticked) check(document.getElementById(id));
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const found of part.querySelectorAll("tr[id]")) found.classList.toggle("fresh", !rows.has(found.id));
  if (focused === null) return;
  const again = focused.id !== "" ? document.getElementById(focused.id) : undefined;
  (again ?? focusable(document.getElementById(row ?? "") ?? part)[0] ?? focusable(part)[place])?.focus();
}

function check(box) {
  if (box !== null) box.checked = true;
}

function focusable(part) {
  return [...part.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
}

/** Text that is selected must not vanish under the hand. */
function isBeingRead(part) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && part.contains(selection.anchorNode);
}

function live(from) {
  return [...from.querySelectorAll("[data-live]")];
}

function lookAgainWhilePending() {
  clearTimeout(waiting);
  if (document.querySelector(".state.is-pending") !== null) waiting = setTimeout(look, PENDING_MILLISECONDS);
}

function say(state, words) {
  if (line.dataset.state === state) return;
  line.dataset.state = state;
  line.textContent = words;
}

/** A notice is told once: a reload, or a link to this page, is not to ask for it again. */
function forgetNotice() {
  const url = new URL(location.href);
  if (!url.searchParams.has("said")) return;
  url.searchParams.delete("said");
  history.replaceState(null, "", url);
}
