// @ts-check
/**
 * Slips at the door of a bus, kept on the phone and sent by device-queue.js; read by the camera where the browser can.
 *
 * What is sent: client_id, counted_at (UTC), manifest, vehicle (public id or empty), scanned.
 * Without this script the same form posts the same fields as a form; a reader types the code and Enter.
 */
import { field, form, now, start } from "./device-queue.js";

const written = () => field("scanned").value.trim();

start({
  read: () => ({
    client_id: field("client_id").value,
    counted_at: now(),
    manifest: field("manifest").value,
    vehicle: field("vehicle").value,
    scanned: written(),
  }),
  fill: (body) => {
    for (const name of ["manifest", "vehicle", "scanned"]) field(name).value = body[name] ?? "";
  },
  clear: () => {
    field("scanned").value = "";
    field("scanned").focus();
  },
  wrong: () => (written() ? "" : (form.dataset.emptyWords ?? "")),
  total: () => 1,
  first: () => field("scanned"),
  name: (body) => String(body.scanned),
});

const between = 300;
const offer = document.querySelector("[data-camera]");
const view = document.querySelector("[data-camera-view]");
const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
if (Detector && "mediaDevices" in navigator && offer instanceof HTMLElement && view instanceof HTMLVideoElement) {
  offer.hidden = false;
  offer.querySelector("button")?.addEventListener("click", () => void look(offer, view));
}

/** Shows what the camera sees, and sends each code once. @param {HTMLElement} button @param {HTMLVideoElement} video */
async function look(button, video) {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    field("scanned").focus(); // no camera, or it was refused: the number is written
    return;
  }
  button.hidden = true;
  video.hidden = false;
  await video.play();
  const detector = new Detector({ formats: ["qr_code"] });
  let last = "";
  setInterval(async () => {
    if (document.hidden) return;
    const [code] = await detector.detect(video).catch(() => []);
    if (!code || code.rawValue === last) return;
    last = code.rawValue;
    field("scanned").value = last;
    form.requestSubmit();
  }, between);
}
