// @ts-check
/**
 * Keeps a part of a page fresh: `<div data-poll="/board/panel/">` asks that address every 10 seconds with the ETag of
 * its last answer. 304 costs nothing; 200 replaces the inside. A hidden page does not ask. The mark `[data-live]` says
 * "live", or since when the page has not been fresh. Where somebody is typing inside the part, it waits.
 */
const every = 10_000;
const mark = /** @type {HTMLElement | null} */ (document.querySelector("[data-live]"));
/** @type {NodeListOf<HTMLElement>} */
const parts = document.querySelectorAll("[data-poll]");
/** @type {WeakMap<HTMLElement, string>} */
const tags = new WeakMap();

let freshAt = clockNow();
let failing = false;

function clockNow() {
  return globalThis.homewardClock?.now() ?? new Date();
}

/** @param {"live" | "stale" | "paused"} state */
function say(state) {
  if (!mark) return;
  const zone = mark.dataset.zone || undefined;
  const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  mark.hidden = false;
  if (mark.dataset.state === state) return;
  mark.dataset.state = state;
  mark.textContent = (mark.dataset[`${state}Words`] ?? state).replace("{time}", format.format(freshAt));
}

/** @param {HTMLElement} part */
function inUse(part) {
  const active = document.activeElement;
  return part.contains(active) && active?.matches("input:not([type=checkbox], [type=radio]), select, textarea");
}

/**
 * @param {HTMLElement} part
 * @param {string} html
 */
function replace(part, html) {
  const focused = part.contains(document.activeElement) ? document.activeElement?.id : "";
  const open = [...part.querySelectorAll("details[open][id]")].map((element) => element.id);
  part.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  globalThis.htmx?.process(part);
}

/** @param {HTMLElement} part */
async function ask(part) {
  const address = part.dataset.poll;
  if (!address || inUse(part)) return;
  const known = tags.get(part) ?? part.dataset.pollEtag ?? "";
  const headers = { "X-Requested-With": "poll", ...(known ? { "If-None-Match": known } : {}) };
  const answer = await fetch(address, { headers, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(8000) });
  if (answer.status === 304) return;
  if (!answer.ok) throw new Error(String(answer.status));
  const html = await answer.text();
  tags.set(part, answer.headers.get("ETag") ?? "");
  replace(part, html);
}

async function round() {
  if (document.hidden) return say("paused");
  try {
    await Promise.all([...parts].map(ask));
    failing = false;
    freshAt = clockNow();
    say("live");
  } catch {
    if (!failing) failing = true;
    say("stale");
  }
}

if (parts.length) {
  say("live");
  setInterval(round, every);
  document.addEventListener("visibilitychange", round);
  addEventListener("online", round);
}
