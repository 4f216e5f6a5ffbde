// @ts-check
/**
 * Keeps parts of a page fresh: `<div data-poll="/board/panel/">` asks that address every 10 seconds with the ETag of its
 * last answer. 304 costs nothing; 200 replaces the inside. A hidden page does not ask. The mark `[data-live]` says "live",
 * or since when the page has not been fresh. Where somebody is typing inside the part, it waits.
 *
 * `data-quiet` marks a part that stands on every page (the bell): it asks less often, and is mentioned only when it is not
 * fresh. A part with `data-topic` is asked at once when `live.js` hears of its topic, and seldom besides while it listens.
 * A `<template data-for="id">` in an answer goes into the part of the page with that id, where it is another than before.
 */
const every = 10_000;
const seldom = { quiet: 30_000, listening: 60_000 };
const mark = /** @type {HTMLElement | null} */ (document.querySelector("[data-live]"));
/** @type {NodeListOf<HTMLElement>} */
const parts = document.querySelectorAll("[data-poll]");
const shown = [...parts].some((part) => !("quiet" in part.dataset));
/** @type {WeakMap<HTMLElement, string>} */
const tags = new WeakMap();
/** @type {WeakMap<HTMLElement, number>} */
const asked = new WeakMap();

let freshAt = clockNow();
let listening = false;

function clockNow() {
  return globalThis.homewardClock?.now() ?? new Date();
}

/** @param {"live" | "stale" | "paused"} state */
function say(state) {
  if (!mark) return;
  const zone = mark.dataset.zone || undefined;
  const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  mark.hidden = !shown && state !== "stale";
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
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const place = focused ? [...part.querySelectorAll("a, button, summary")].indexOf(focused) : -1;
  const open = [...part.querySelectorAll("details[open][id]")].map((element) => element.id);
  part.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) focusAgain(part, focused.id, place);
  for (const template of part.querySelectorAll("template")) carry(template);
  count(part);
  globalThis.htmx?.process(part);
}

/**
 * @param {HTMLElement} part
 * @param {string} id
 * @param {number} place
 */
function focusAgain(part, id, place) {
  const same = id ? document.getElementById(id) : part.querySelectorAll("a, button, summary")[place];
  if (same instanceof HTMLElement) same.focus({ preventScroll: true });
}

/** @param {HTMLTemplateElement} template */
function carry(template) {
  const place = document.getElementById(template.dataset.for ?? "");
  const [was, is] = [place?.innerHTML.trim(), template.innerHTML.trim()];
  if (place && was !== is) place.replaceChildren(...(is ? [template.content.cloneNode(true)] : []));
  template.remove();
}

/** The number of the bell stands before the title too. @param {HTMLElement} part */
function count(part) {
  const bell = /** @type {HTMLElement | null} */ (part.querySelector("[data-owed]"));
  if (!bell) return;
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = Number(bell.dataset.owed) ? `(${bell.dataset.owed}) ${title}` : title;
}

/** @param {HTMLElement} part */
async function ask(part) {
  const address = part.dataset.poll;
  if (!address || inUse(part)) return;
  asked.set(part, Date.now());
  const known = tags.get(part) ?? part.dataset.pollEtag ?? "";
  const headers = { "X-Requested-With": "poll", ...(known ? { "If-None-Match": known } : {}) };
  const answer = await fetch(address, { headers, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(8000) });
  if (answer.status === 304) return;
  if (!answer.ok) throw new Error(String(answer.status));
  const html = await answer.text();
  tags.set(part, answer.headers.get("ETag") ?? "");
  replace(part, html);
}

/** @param {HTMLElement} part */
function isDue(part) {
  const pause = listening && part.dataset.topic ? seldom.listening : "quiet" in part.dataset ? seldom.quiet : every;
  return Date.now() - (asked.get(part) ?? 0) > pause - 500;
}

/** @param {HTMLElement[]} chosen */
async function round(chosen) {
  if (document.hidden) return say("paused");
  try {
    await Promise.all(chosen.map(ask));
    freshAt = clockNow();
    say("live");
  } catch {
    say("stale");
  }
}

if (parts.length) {
  const all = () => round([...parts]);
  for (const part of parts) asked.set(part, Date.now());
  say("live");
  setInterval(() => round([...parts].filter(isDue)), every);
  document.addEventListener("visibilitychange", all);
  addEventListener("online", all);
  document.addEventListener("homeward:listening", (event) => {
    listening = /** @type {CustomEvent<boolean>} */ (event).detail;
    if (listening) void all();
  });
  document.addEventListener("homeward:changed", (event) => {
    const topic = /** @type {CustomEvent<string>} */ (event).detail;
    void round([...parts].filter((part) => part.dataset.topic === topic));
  });
}
