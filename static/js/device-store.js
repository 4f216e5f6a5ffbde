// @ts-check
/**
 * What this phone keeps is sealed: AES-GCM with a key that no script can read out, kept by the browser itself. The phone
 * has a name of its own (a uuid), by which the server knows it and may order it to wipe everything.
 */
const database = "homeward-device";
const everything = "homeward.";

/** @typedef {{key: CryptoKey, device: string}} Own */

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(database, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("own");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The key and name of this phone, made the first time; throws where the browser keeps nothing. @returns {Promise<Own>} */
export async function openStore() {
  const rows = await openDatabase();
  try {
    const known = await done(rows.transaction("own").objectStore("own").get("own"));
    if (known) return known;
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const own = { key, device: crypto.randomUUID() };
    const writing = rows.transaction("own", "readwrite").objectStore("own");
    await done(writing.add(own, "own")); // another page of this phone may have been quicker: then this throws
    return own;
  } finally {
    rows.close();
  }
}

/** @param {Own} own @param {string} name under which it is kept @param {unknown} value @returns {Promise<string>} */
export async function seal(own, name, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  const additionalData = new TextEncoder().encode(name);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, own.key, plain);
  return btoa(letters(iv) + letters(new Uint8Array(sealed)));
}

const atOnce = 8192;

/** One letter a byte, a piece at a time: a picture has more bytes than a call may have arguments. @param {Uint8Array} bytes */
function letters(bytes) {
  let text = "";
  for (let from = 0; from < bytes.length; from += atOnce) text += String.fromCharCode(...bytes.subarray(from, from + atOnce));
  return text;
}

/** What `seal` made under the same name; null for anything else. @param {Own} own @param {string} name @param {string} kept */
export async function unseal(own, name, kept) {
  try {
    const bytes = Uint8Array.from(atob(kept), (letter) => letter.charCodeAt(0));
    const additionalData = new TextEncoder().encode(name);
    const parameters = { name: "AES-GCM", iv: bytes.slice(0, 12), additionalData };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(parameters, own.key, bytes.slice(12))));
  } catch {
    return null;
  }
}

/** Asks the server whether this phone may keep what it has. Throws without a network. @param {Own} own @param {boolean} [wiped] */
export async function mustWipe(own, wiped = false) {
  const address = `/device/${own.device}/${wiped ? "?wiped=1" : ""}`;
  const answer = await fetch(address, { method: "POST", credentials: "same-origin", cache: "no-store" });
  return answer.ok && (await answer.json()).order === "wipe";
}

/** Takes everything of ours from this phone: entries, key, kept pages, and the worker that keeps them. @param {Own} own */
export async function wipe(own) {
  for (const name of Object.keys(localStorage)) if (name.startsWith(everything)) localStorage.removeItem(name);
  await new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(database);
    asked.onsuccess = asked.onerror = asked.onblocked = () => resolve(undefined);
  });
  for (const name of await caches.keys()) await caches.delete(name);
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  await mustWipe(own, true).catch(() => undefined);
}
