// @ts-check
import { mustWipe, openStore, seal, unseal, wipe } from "./device-store.js";

/**
 * What waits on this phone. A saved entry is first written here, sealed (device-store.js), then sent; it leaves the phone
 * only when the server has said that it has it. A phone that was revoked shows what was not sent, then wipes itself.
 *
 * The form carries: `data-prefix` (under which its entries are kept), `data-url` (where they go), `data-user`,
 * `data-worker`, `data-sign-in`; the banner of templates/ui/network.html says what waits. A sentence of the banner that the
 * form carries too (`data-sent`, `data-away`, …) is said in the words of the form.
 * What is sent: POST, JSON, the names of the form's fields with `client_id` (uuid, made here) and `counted_at` (UTC).
 * What is answered: 201 the first time and 200 for the same client_id again, `{client_id, url?, now?}`; 4xx with
 * `{errors: {field: [sentence, …]}}` where the entry must be mended. Everything else means: try again later.
 */
const again = 15_000;

/**
 * @typedef {{client_id: string, counted_at: string} & Record<string, unknown>} Body
 * @typedef {{user: string, total: number, url?: string, body: Body, errors: Record<string, string[]> | null}} Entry
 * @typedef {{read: () => Body, fill: (body: any) => void, clear: () => void, wrong: () => string, total: () => number,
 *   first: () => HTMLElement | null, sent?: () => void, ready?: () => Promise<unknown>, name?: (body: Body) => string}} Page
 */

export const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-prefix]"));
const network = /** @type {HTMLElement} */ (document.querySelector("[data-network]"));
const prefix = form.dataset.prefix ?? "homeward.";
const user = form.dataset.user ?? "";
/** @type {"idle" | "sending" | "offline" | "signed-out" | "later"} what the last try has shown */
let line = navigator.onLine ? "idle" : "offline";
let lastSent = /** @type {{total: number, url: string} | null} */ (null);
let sending = false;
let own = /** @type {import("./device-store.js").Own | null} */ (null);
/** @type {Map<string, Entry>} what waits, opened, by the name under which it is kept sealed */
const kept = new Map();
/** @type {Page} */
let page;

/** @param {string} name @returns {any} */
export const field = (name) => form.elements.namedItem(name);
/** @param {string} name */
export const number = (name) => Math.max(0, Math.trunc(Number(field(name)?.value) || 0));
export const now = () => (globalThis.homewardClock?.now() ?? new Date()).toISOString();

// ---------------------------------------------------------------- what waits on this phone

/** @returns {Entry[]} in the order of counting */
function waiting() {
  return [...kept.values()].sort((one, other) => one.body.counted_at.localeCompare(other.body.counted_at));
}

/** Opens everything that is kept here; what another page of this phone has sent meanwhile is gone. */
async function read() {
  if (!own) return;
  const names = Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  for (const name of kept.keys()) if (!names.includes(name)) kept.delete(name);
  for (const name of names) {
    const entry = await unseal(own, name, localStorage.getItem(name) ?? "");
    if (entry?.body) kept.set(name, entry);
  }
}

/** Throws where this browser keeps nothing. @param {Entry} entry */
async function keep(entry) {
  if (!own) throw new Error("nothing can be kept");
  const name = prefix + entry.body.client_id;
  localStorage.setItem(name, await seal(own, name, entry));
  kept.set(name, entry);
}

/** @param {Entry} entry */
function drop(entry) {
  kept.delete(prefix + entry.body.client_id);
  localStorage.removeItem(prefix + entry.body.client_id);
}

const mine = () => waiting().filter((entry) => entry.user === user);

// ---------------------------------------------------------------- keeping and sending

/** @param {SubmitEvent} event */
async function save(event) {
  if (own && page.ready) {
    event.preventDefault();
    await page.ready();
  }
  const problem = page.wrong();
  const place = document.querySelector("[data-problem]");
  if (place instanceof HTMLElement) {
    place.hidden = !problem;
    place.textContent = problem;
  }
  if (problem) {
    event.preventDefault();
    page.first()?.focus();
    return;
  }
  if (!own) return; // This browser keeps nothing: the form goes to the server in the plain way.
  event.preventDefault();
  const body = page.read();
  const earlier = mine().find((entry) => entry.body.client_id === body.client_id);
  if (earlier) body.counted_at = earlier.body.counted_at; // mended later, counted then
  const entry = { user, total: page.total(), url: earlier?.url ?? form.dataset.url, body, errors: null };
  try {
    await keep(entry);
  } catch {
    form.submit(); // No room on this phone: the form goes to the server in the plain way.
    return;
  }
  page.clear();
  field("client_id").value = crypto.randomUUID();
  showTotal();
  lastSent = null;
  show();
  scrollTo({ top: 0 });
  void sendAll();
}

function showTotal() {
  const place = document.querySelector("[data-problem]");
  if (place instanceof HTMLElement && !page.wrong()) place.hidden = true;
  const sum = page.total();
  for (const element of document.querySelectorAll("[data-total]")) element.textContent = sum ? String(sum) : (element.getAttribute("data-total") ?? "0");
}

/** A page that was kept may carry an old token: take a new one from the server. @returns {Promise<boolean>} signed in */
async function renewToken() {
  const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
  if (!answer.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const input = fresh.querySelector("input[name=csrfmiddlewaretoken]");
  if (input instanceof HTMLInputElement) field("csrfmiddlewaretoken").value = input.value;
  return Boolean(input);
}

/** @param {Entry} entry */
function post(entry) {
  return fetch(entry.url ?? form.dataset.url ?? location.href, {
    method: "POST",
    credentials: "same-origin",
    redirect: "manual",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": field("csrfmiddlewaretoken").value, "X-Field-Device": own?.device ?? "" },
    body: JSON.stringify(entry.body),
    signal: AbortSignal.timeout(20_000),
  });
}

/** @param {Entry} entry @returns {Promise<"done" | "later" | "signed-out" | "wipe">} throws where there is no network */
async function send(entry) {
  let answer = await post(entry);
  if (answer.status === 403 && (await renewToken())) answer = await post(entry);
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
    return "signed-out";
  }
  const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (said.order === "wipe") {
    showWipe();
    return "wipe";
  }
  if (said.now) globalThis.homewardClock?.learn(said.now);
  if ((answer.status === 201 || answer.status === 200) && said.client_id === entry.body.client_id) {
    drop(entry);
    lastSent = { total: entry.total, url: said.url ?? "" };
    page.sent?.();
    return "done";
  }
  if (answer.status >= 400 && answer.status < 500 && said.errors) {
    await keep({ ...entry, errors: said.errors });
    return "done";
  }
  return "later";
}

/** One page of this phone at a time sends, each count after the one before. */
async function sendAll() {
  if (own && !wiping && (await mustWipe(own).catch(() => false))) showWipe();
  if (wiping) return;
  const entries = () => mine().filter((entry) => !entry.errors);
  if (sending || !entries().length) return show();
  sending = true;
  line = "sending";
  show();
  const work = async () => {
    let worst = /** @type {"idle" | "later"} */ ("idle");
    for (const entry of entries()) {
      const came = await send(entry);
      if (came === "wipe") return;
      if (came === "signed-out") return void (line = came);
      if (came === "later") worst = came;
    }
    line = worst;
  };
  try {
    if (navigator.locks) await navigator.locks.request(prefix, work);
    else await work();
  } catch {
    line = "offline";
  } finally {
    sending = false;
    show();
  }
}

// ---------------------------------------------------------------- saying it plainly

/** @param {string} name of a sentence in the data of the banner @param {number} [n] */
function words(name, n = 0) {
  const ours = form.dataset[name];
  const sentence = ours ?? network.dataset[n === 1 ? `${name}One` : name] ?? network.dataset[name] ?? "";
  return sentence.replace("{n}", String(n));
}

/** @param {string} sentence @param {string} url */
function said(sentence, url) {
  const element = document.createElement(url ? "a" : "span");
  if (element instanceof HTMLAnchorElement) element.href = url;
  element.textContent = sentence;
  return element;
}

function show() {
  if (wiping) return;
  const mineNow = mine();
  const refused = mineNow.filter((entry) => entry.errors);
  const unsent = mineNow.length - refused.length;
  const others = waiting().length - mineNow.length;
  const lines = [];
  if (line === "offline") lines.push(unsent ? said(words("offline", unsent), "") : said(words("away"), ""));
  else if (line === "signed-out") lines.push(said(words("signedOut", unsent), form.dataset.signIn ?? ""));
  else if (line === "later" && unsent) lines.push(said(words("later", unsent), ""));
  else if (line === "sending" && unsent) lines.push(said(words("sending", unsent), ""));
  if (refused.length) lines.push(said(words("refused", refused.length), ""));
  if (others) lines.push(said(words("others", others), ""));
  if (!lines.length && lastSent) lines.push(said(words("sent", lastSent.total), lastSent.url));
  network.hidden = !lines.length;
  network.dataset.state = refused.length ? "refused" : lastSent && line === "idle" && !others ? "sent" : line;
  network.querySelector("[data-network-line]")?.replaceChildren(...lines.flatMap((element, index) => (index ? [" ", element] : [element])));
  network.querySelector("[data-network-list]")?.replaceChildren(...refused.map(refusal));
}

/** A count that the server did not accept: what is wrong, mend it or throw it away. @param {Entry} entry */
function refusal(entry) {
  const item = document.createElement("li");
  const sentences = Object.values(entry.errors ?? {}).flat().join(" ");
  const again = act(words("mend"), () => mend(entry));
  const away = act(words("discard"), () => {
    if (!confirm(words("discardSure", entry.total))) return;
    drop(entry);
    show();
  });
  const name = page.name?.(entry.body) || entry.total;
  item.append(`${name}: ${sentences} `, again, away);
  return item;
}

/** Puts a kept entry back into the form, under its own client id. @param {Entry} entry */
function mend(entry) {
  field("client_id").value = entry.body.client_id;
  page.fill(entry.body);
  showTotal();
}

/** @param {string} label @param {() => void} does */
function act(label, does) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "network-act";
  button.textContent = label;
  button.addEventListener("click", does);
  return button;
}

// ---------------------------------------------------------------- a phone that was revoked

const patience = 10 * 60_000;
let wiping = false;

/** Shows what was not sent, so that it can be written down; then, or after ten minutes, everything here goes. */
function showWipe() {
  if (wiping) return;
  wiping = true;
  const lost = waiting();
  form.inert = true;
  network.hidden = false;
  network.dataset.state = "refused";
  network.querySelector("[data-network-line]")?.replaceChildren(words(lost.length ? "revoked" : "wiped"));
  const items = lost.map((entry) => {
    const item = document.createElement("li");
    const said = Object.entries(entry.body).filter(([name, value]) => value && !["client_id", "group", "photograph"].includes(name));
    item.textContent = said.map(([name, value]) => `${name.replaceAll("_", " ")}: ${value}`).join(" · ");
    return item;
  });
  network.querySelector("[data-network-list]")?.replaceChildren(...items);
  if (!lost.length) return void wipeNow();
  network.querySelector("[data-network-list]")?.append(act(words("wipe"), () => void wipeNow()));
  setTimeout(() => void wipeNow(), patience);
}

async function wipeNow() {
  if (!own) return;
  const gone = own;
  own = null;
  kept.clear();
  await wipe(gone);
  network.querySelector("[data-network-list]")?.replaceChildren();
  network.querySelector("[data-network-line]")?.replaceChildren(words("wiped"));
}

// ---------------------------------------------------------------- starting

async function keepPage() {
  const address = form.dataset.worker;
  if (!address || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(address, { scope: location.pathname });
  const { active } = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map((entry) => entry.name);
  const ours = parts.filter((name) => new URL(name).pathname.startsWith("/static/"));
  if (navigator.onLine) active?.postMessage({ keepPage: location.href, keepParts: [...new Set(ours)] });
}

/** Takes over the form of this page. @param {Page} given */
export function start(given) {
  page = given;
  form.addEventListener("submit", (event) => void save(event));
  form.addEventListener("input", showTotal);
  form.addEventListener("change", showTotal);
  addEventListener("online", () => void sendAll());
  addEventListener("offline", () => {
    line = "offline";
    show();
  });
  addEventListener("storage", () => void read().then(show));
  setInterval(() => document.hidden || void sendAll(), again);
  showTotal();
  void begin();
}

async function begin() {
  own = await openStore().catch(openStore).catch(() => null);
  await read();
  if (!field("client_id").value || mine().some((entry) => entry.body.client_id === field("client_id").value)) {
    field("client_id").value = crypto.randomUUID();
  }
  form.dataset.ready = "";
  show();
  void sendAll();
  void keepPage().catch(() => undefined);
  void navigator.storage?.persist?.();
}
