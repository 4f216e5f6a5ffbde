// @ts-check
/**
 * What waits on this phone. A saved entry is first written here, then sent; it leaves the phone only when the server has
 * said that it has it. An entry holds no person, so it may wait here unsealed.
 *
 * The form carries: `data-prefix` (under which its entries are kept), `data-url` (where they go), `data-user`,
 * `data-worker`, `data-sign-in`; the banner of templates/ui/network.html says what waits.
 * What is sent: POST, JSON, the names of the form's fields with `client_id` (uuid, made here) and `counted_at` (UTC).
 * What is answered: 201 the first time and 200 for the same client_id again, `{client_id, url?, now?}`; 4xx with
 * `{errors: {field: [sentence, …]}}` where the entry must be mended. Everything else means: try again later.
 */
const again = 15_000;

/**
 * @typedef {{client_id: string, counted_at: string} & Record<string, unknown>} Body
 * @typedef {{user: string, total: number, url?: string, body: Body, errors: Record<string, string[]> | null}} Entry
 * @typedef {{read: () => Body, fill: (body: any) => void, clear: () => void, wrong: () => string, total: () => number,
 *   first: () => HTMLElement | null, sent?: () => void}} Page
 */

export const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-prefix]"));
const network = /** @type {HTMLElement} */ (document.querySelector("[data-network]"));
const prefix = form.dataset.prefix ?? "homeward.";
const user = form.dataset.user ?? "";
/** @type {"idle" | "sending" | "offline" | "signed-out" | "later"} what the last try has shown */
let line = navigator.onLine ? "idle" : "offline";
let lastSent = /** @type {{total: number, url: string} | null} */ (null);
let sending = false;
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
  const kept = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  const entries = kept.map((key) => JSON.parse(localStorage.getItem(key) ?? "null"));
  return entries.filter((entry) => entry?.body).sort((one, other) => one.body.counted_at.localeCompare(other.body.counted_at));
}

/** @param {Entry} entry */
const keep = (entry) => localStorage.setItem(prefix + entry.body.client_id, JSON.stringify(entry));
/** @param {Entry} entry */
const drop = (entry) => localStorage.removeItem(prefix + entry.body.client_id);
const mine = () => waiting().filter((entry) => entry.user === user);

// ---------------------------------------------------------------- keeping and sending

/** @param {SubmitEvent} event */
function save(event) {
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
  const body = page.read();
  const earlier = mine().find((entry) => entry.body.client_id === body.client_id);
  if (earlier) body.counted_at = earlier.body.counted_at; // mended later, counted then
  const entry = { user, total: page.total(), url: earlier?.url ?? form.dataset.url, body, errors: null };
  try {
    keep(entry);
  } catch {
    return; // This browser keeps nothing: the form goes to the server in the plain way.
  }
  event.preventDefault();
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

function token() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie ? cookie.slice("csrftoken=".length) : field("csrfmiddlewaretoken").value;
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
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(entry.body),
    signal: AbortSignal.timeout(20_000),
  });
}

/** @param {Entry} entry @returns {Promise<"done" | "later" | "signed-out">} throws where there is no network */
async function send(entry) {
  let answer = await post(entry);
  if (answer.status === 403 && (await renewToken())) answer = await post(entry);
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
    return "signed-out";
  }
  const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (said.now) globalThis.homewardClock?.learn(said.now);
  if ((answer.status === 201 || answer.status === 200) && said.client_id === entry.body.client_id) {
    drop(entry);
    lastSent = { total: entry.total, url: said.url ?? "" };
    page.sent?.();
    return "done";
  }
  if (answer.status >= 400 && answer.status < 500 && said.errors) {
    keep({ ...entry, errors: said.errors });
    return "done";
  }
  return "later";
}

/** One page of this phone at a time sends, each count after the one before. */
async function sendAll() {
  const entries = () => mine().filter((entry) => !entry.errors);
  if (sending || !entries().length) return show();
  sending = true;
  line = "sending";
  show();
  const work = async () => {
    let worst = /** @type {"idle" | "later"} */ ("idle");
    for (const entry of entries()) {
      const came = await send(entry);
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
  const sentence = network.dataset[n === 1 ? `${name}One` : name] ?? network.dataset[name] ?? "";
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
  const own = mine();
  const refused = own.filter((entry) => entry.errors);
  const unsent = own.length - refused.length;
  const others = waiting().length - own.length;
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
  item.append(`${entry.total}: ${sentences} `, again, away);
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

// ---------------------------------------------------------------- starting

async function keepPage() {
  const address = form.dataset.worker;
  if (!address || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(address, { scope: location.pathname });
  const { active } = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map((entry) => entry.name);
  const own = parts.filter((name) => new URL(name).pathname.startsWith("/static/"));
  if (navigator.onLine) active?.postMessage({ keepPage: location.href, keepParts: [...new Set(own)] });
}

/** Takes over the form of this page. @param {Page} own */
export function start(own) {
  page = own;
  if (!field("client_id").value || mine().some((entry) => entry.body.client_id === field("client_id").value)) {
    field("client_id").value = crypto.randomUUID();
  }
  form.addEventListener("submit", save);
  form.addEventListener("input", showTotal);
  form.addEventListener("change", showTotal);
  addEventListener("online", () => void sendAll());
  addEventListener("offline", () => {
    line = "offline";
    show();
  });
  setInterval(() => document.hidden || void sendAll(), again);
  showTotal();
  show();
  void sendAll();
  void keepPage().catch(() => undefined);
  void navigator.storage?.persist?.();
}
