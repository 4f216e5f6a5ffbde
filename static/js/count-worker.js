// @ts-check
/// <reference lib="webworker" />
/**
 * Lets a page for head counts open without a network: it keeps the page of its scope and what that is made of.
 * It never touches a POST: entries are kept and sent by the page itself (device-queue.js).
 */
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const store = `homeward-count-2 ${worker.registration.scope}`; // each page that is kept has a store of its own
const patience = 4000;

/** A kept page must not pretend to know the time of the server (see clock.js). @param {Response} page */
async function withoutClock(page) {
  const html = (await page.text()).replace(/data-now="[^"]*"/, 'data-now=""');
  return new Response(html, { status: 200, headers: { "Content-Type": "text/html; charset=utf-8", ...policy(page) } });
}

/** @param {Response} page @returns {Record<string, string>} */
function policy(page) {
  const value = page.headers.get("Content-Security-Policy");
  return value ? { "Content-Security-Policy": value } : {};
}

/** @param {string} address without its query: one page, whatever was filled in */
const nameOf = (address) => address.split(/[?#]/)[0];

/** @param {Request} request */
async function page(request) {
  const kept = await caches.open(store);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(patience) });
    if (answer.ok && !answer.redirected) await kept.put(nameOf(request.url), await withoutClock(answer.clone()));
    return answer;
  } catch (failure) {
    const copy = await kept.match(nameOf(request.url));
    if (copy) return copy;
    throw failure;
  }
}

/** What was kept answers at once and is renewed behind. @param {Request} request */
async function part(request) {
  const kept = await caches.open(store);
  const copy = await kept.match(request);
  const renewed = fetch(request).then(async (answer) => {
    if (answer.ok) await kept.put(request, answer.clone());
    return answer;
  });
  if (!copy) return renewed;
  renewed.catch(() => undefined);
  return copy;
}

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("message", (event) => {
  const { keepPage, keepParts } = event.data ?? {};
  if (typeof keepPage !== "string") return;
  event.waitUntil(
    (async () => {
      const kept = await caches.open(store);
      const answer = await fetch(keepPage, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) await kept.put(nameOf(keepPage), await withoutClock(answer));
      await kept.addAll(keepParts);
      const wanted = new Set([nameOf(keepPage), ...keepParts]);
      for (const request of await kept.keys()) if (!wanted.has(request.url)) await kept.delete(request);
    })(),
  );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== worker.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (address.pathname.startsWith("/static/")) event.respondWith(part(request));
});
