// @ts-check
/**
 * The head count at the barrier. A saved count is first written to this phone, then sent; it leaves the phone only when
 * the server has said that it has it. A head count holds no person, so it may wait here unsealed.
 *
 * The choice of crossing and direction is one select, with values such as "KZ-UZ-01:KAZ:UZB".
 * What is sent: POST to the form's `data-url`, JSON, with the names of the form's fields:
 *   client_id (uuid, made here), counted_at (UTC), group, crossing, from_country, to_country,
 *   males, females | men, women (whichever was filled in; the others null), children_5_17, children_under_5,
 *   children_alone, exact (boolean), needs (list), mood, note
 * What is answered: 201 the first time and 200 for the same client_id again, `{client_id, url?, now?}`; 4xx with
 * `{errors: {field: [sentence, …]}}` where the count must be mended. Everything else means: try again later.
 * Without this script the same form posts the same fields as a form.
 */
const prefix = "homeward.count.";
const numbers = ["males", "females", "men", "women", "children_5_17", "children_under_5", "children_alone"];
const ways = { sex: ["males", "females"], age: ["men", "women", "children_5_17", "children_under_5"] };
const again = 15_000;

/**
 * @typedef {{client_id: string, counted_at: string, needs: string[], exact: boolean} & Record<string, unknown>} Body
 * @typedef {{user: string, total: number, body: Body, errors: Record<string, string[]> | null}} Entry
 */

const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-count]"));
const network = /** @type {HTMLElement} */ (document.querySelector("[data-network]"));
const user = form.dataset.user ?? "";
/** @type {"idle" | "sending" | "offline" | "signed-out" | "later"} what the last try has shown */
let line = navigator.onLine ? "idle" : "offline";
let lastSent = /** @type {{total: number, url: string} | null} */ (null);
let sending = false;

/** @param {string} name @returns {any} */
const field = (name) => form.elements.namedItem(name);

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

// ---------------------------------------------------------------- reading the form

/** @returns {"sex" | "age"} */
const way = () => (field("way")?.value === "age" ? "age" : "sex");
/** @param {string} name */
const number = (name) => Math.max(0, Math.trunc(Number(field(name)?.value) || 0));
const total = () => ways[way()].reduce((sum, name) => sum + number(name), 0);

/** @returns {Body} */
function read() {
  const values = new FormData(form);
  /** @type {Record<string, unknown>} */
  const body = {};
  for (const name of ["group", "mood", "note"]) body[name] = values.get(name) ?? "";
  [body.crossing, body.from_country, body.to_country] = String(values.get("crossing") ?? "").split(":");
  const other = ways[way() === "sex" ? "age" : "sex"].slice(0, 2);
  for (const name of numbers) body[name] = other.includes(name) || values.get(name) === "" ? null : number(name);
  return Object.assign(body, {
    client_id: String(values.get("client_id")),
    counted_at: (globalThis.homewardClock?.now() ?? new Date()).toISOString(),
    needs: values.getAll("needs").map(String),
    exact: String(values.get("exact")) === "true",
  });
}

/** The numbers must agree before anything is kept. @returns {string} what is wrong, or "" */
function wrong() {
  if (total() === 0) return form.dataset.emptyWords ?? "";
  const children = number("children_5_17") + number("children_under_5");
  if (way() === "sex" && children > total()) return form.dataset.childrenWords ?? "";
  return number("children_alone") > children ? (form.dataset.aloneWords ?? "") : "";
}

function showTotal() {
  const place = document.querySelector("[data-problem]");
  if (place instanceof HTMLElement && !wrong()) place.hidden = true;
  const sum = total();
  for (const element of document.querySelectorAll("[data-total]")) element.textContent = sum ? String(sum) : (element.getAttribute("data-total") ?? "0");
}

// ---------------------------------------------------------------- keeping and sending

/** @param {SubmitEvent} event */
function save(event) {
  const problem = wrong();
  const place = document.querySelector("[data-problem]");
  if (place instanceof HTMLElement) {
    place.hidden = !problem;
    place.textContent = problem;
  }
  if (problem) {
    event.preventDefault();
    field(ways[way()][0])?.focus();
    return;
  }
  const body = read();
  const earlier = mine().find((entry) => entry.body.client_id === body.client_id);
  if (earlier) body.counted_at = earlier.body.counted_at; // mended later, counted then
  const entry = { user, total: total(), body, errors: null };
  try {
    keep(entry);
  } catch {
    return; // This browser keeps nothing: the form goes to the server in the plain way.
  }
  event.preventDefault();
  clear();
  lastSent = null;
  show();
  scrollTo({ top: 0 });
  void sendAll();
}

/** Ready for the next group at the same crossing. */
function clear() {
  const place = field("crossing")?.value;
  const chosen = way();
  form.reset();
  if (place !== undefined && field("crossing")) field("crossing").value = place;
  if (field("way")) field("way").value = chosen;
  if (field("group")) field("group").value = "";
  field("client_id").value = crypto.randomUUID();
  showTotal();
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
  return fetch(form.dataset.url ?? location.href, {
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
  const mend = act(words("mend"), () => fill(entry));
  const away = act(words("discard"), () => {
    if (!confirm(words("discardSure", entry.total))) return;
    drop(entry);
    show();
  });
  item.append(`${entry.total}: ${sentences} `, mend, away);
  return item;
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

/** Puts a kept count back into the form, under its own client id. @param {Entry} entry */
function fill(entry) {
  const { body } = entry;
  if (field("way")) field("way").value = body.men === null && body.women === null ? "sex" : "age";
  for (const name of [...numbers, "group", "mood", "note", "client_id"]) {
    const control = field(name);
    if (control) control.value = body[name] ?? "";
  }
  if (field("crossing")) field("crossing").value = [body.crossing, body.from_country, body.to_country].join(":");
  if (field("exact")) field("exact").value = String(body.exact);
  for (const box of form.querySelectorAll('input[name="needs"]')) {
    if (box instanceof HTMLInputElement) box.checked = body.needs.includes(box.value);
  }
  if (body.note) form.querySelector("details")?.setAttribute("open", "");
  showTotal();
}

// ---------------------------------------------------------------- starting

/** The address says which group and crossing are meant; a kept page may have been made for another. */
function followAddress() {
  const asked = new URLSearchParams(location.search);
  if (field("group")) field("group").value = asked.get("group") ?? "";
  if (asked.has("crossing") && field("crossing")) field("crossing").value = asked.get("crossing");
}

async function keepPage() {
  const address = form.dataset.worker;
  if (!address || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(address, { scope: location.pathname });
  const { active } = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map((entry) => entry.name);
  const own = parts.filter((name) => new URL(name).pathname.startsWith("/static/"));
  if (navigator.onLine) active?.postMessage({ keepPage: location.href, keepParts: [...new Set(own)] });
}

if (!field("client_id").value || mine().some((entry) => entry.body.client_id === field("client_id").value)) {
  field("client_id").value = crypto.randomUUID();
}
if (!form.querySelector("[aria-invalid=true]")) followAddress();
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
