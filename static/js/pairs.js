// @ts-check
// Keys in the queue of duplicates, for whoever is in it: j and k go to the next and the last pair, s says one person, d two
// people, l later. They act only while the focus is inside the queue and in no field. After a decision it goes on there.

const queue = /** @type {HTMLElement | null} */ (document.querySelector("[data-pairs]"));
const GOES_ON = "pairs-go-on";

/** @returns {HTMLElement[]} */
function pairs() {
  return queue ? [...queue.querySelectorAll("[data-pair]")].filter((each) => each instanceof HTMLElement) : [];
}

/** @param {HTMLElement | undefined} pair */
function go(pair) {
  pair?.focus({ preventScroll: true });
  pair?.scrollIntoView({ block: "start" });
}

queue?.addEventListener("keydown", (event) => {
  const inside = event.target instanceof Element ? event.target : null;
  if (event.altKey || event.ctrlKey || event.metaKey || inside?.matches("input:not([type=radio]), select, textarea")) return;
  const all = pairs();
  const place = all.findIndex((pair) => pair.contains(inside));
  if (event.key === "j") go(all[Math.min(place + 1, all.length - 1)]);
  else if (event.key === "k") go(all[Math.max(place - 1, 0)]);
  else {
    const act = { s: "same", d: "different", l: "later" }[event.key];
    const button = act && all[place]?.querySelector(`[data-act="${act}"]`);
    if (!(button instanceof HTMLElement)) return;
    button.click();
  }
  event.preventDefault();
});

queue?.addEventListener("submit", () => sessionStorage.setItem(GOES_ON, "yes"));
if (sessionStorage.getItem(GOES_ON)) {
  sessionStorage.removeItem(GOES_ON);
  go(pairs()[0]);
}
