// @ts-check
/**
 * Hears that something changed, and never what: a stream names a topic, and `poll.js` asks the parts of the page that show it,
 * through their own address. It asks for a ticket at each beginning; a stream ends by itself after some minutes. A hidden page
 * does not listen. Where there is no stream, the page goes on asking by itself.
 */
const longest = 60_000;
const script = document.getElementById("live");
/** @type {NodeListOf<HTMLElement>} */
const parts = document.querySelectorAll("[data-topic]");
const topics = [...new Set([...parts].map((part) => part.dataset.topic ?? ""))];

/** @type {EventSource | null} */
let stream = null;
let pause = 1000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;

/** @param {boolean} listening */
function tell(listening) {
  document.dispatchEvent(new CustomEvent("homeward:listening", { detail: listening }));
}

function stop() {
  clearTimeout(later);
  if (stream) tell(false);
  stream?.close();
  stream = null;
}

/** Tries again, later each time, and never all pages at once. */
function again() {
  stop();
  later = setTimeout(listen, pause * (0.5 + Math.random()));
  pause = Math.min(pause * 2, longest);
}

async function listen() {
  stop();
  if (document.hidden || !script?.dataset.ticket) return;
  const asked = new URLSearchParams(topics.map((topic) => ["topic", topic]));
  try {
    const answer = await fetch(`${script.dataset.ticket}?${asked}`, {
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(8000),
    });
    if (!answer.ok) return again();
    const { address, ticket } = await answer.json();
    if (ticket) open(`${address}?${new URLSearchParams({ ticket })}`);
  } catch {
    again();
  }
}

/** @param {string} address */
function open(address) {
  const opened = new EventSource(address);
  stream = opened;
  opened.addEventListener("open", () => {
    pause = 1000;
    tell(true);
  });
  opened.addEventListener("changed", (event) => {
    document.dispatchEvent(new CustomEvent("homeward:changed", { detail: event.data }));
  });
  opened.addEventListener("error", again); // a ticket is good for one beginning: EventSource must not try by itself
}

if (topics.length) {
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
  addEventListener("pagehide", stop);
  void listen();
}
