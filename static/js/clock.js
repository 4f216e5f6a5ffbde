// @ts-check
/**
 * The clocks of a page tick in the time of the server, which may be a demonstration clock, and not in that of the
 * device, which is often wrong. `<html data-now>` is the server's time when the page was made; it is empty in a copy
 * that a service worker kept, and the last known difference to the device's clock is then used.
 */
const key = "homeward.clock-difference";
const made = document.documentElement.dataset.now;
const navigation = /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType("navigation")[0]);

/** @returns {number} milliseconds to add to the clock of this device */
function known() {
  try {
    return Number(localStorage.getItem(key)) || 0;
  } catch {
    return 0;
  }
}

/** @param {string} instant ISO 8601, as the server said it just now */
function learn(instant) {
  difference = Date.parse(instant) - Date.now();
  try {
    localStorage.setItem(key, String(difference));
  } catch {
    // Known for this page only.
  }
}

let difference = known();
if (made && navigation?.type !== "back_forward") learn(made);

globalThis.homewardClock = { learn, now: () => new Date(Date.now() + difference) };

function tick() {
  const now = new Date(Date.now() + difference);
  for (const element of document.querySelectorAll("time[data-clock]")) {
    if (!(element instanceof HTMLTimeElement)) continue;
    const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: element.dataset.clock };
    element.textContent = new Intl.DateTimeFormat("en-GB", /** @type {Intl.DateTimeFormatOptions} */ (format)).format(now);
    element.dateTime = now.toISOString();
  }
}

setInterval(tick, 5000);
document.addEventListener("visibilitychange", () => document.hidden || tick());
if (!made) tick();
