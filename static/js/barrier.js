// @ts-check
/**
 * Word from the barrier, kept on the phone and sent by device-queue.js.
 *
 * What is sent: client_id, counted_at (UTC; when it was said), way ("KZ-UZ-01:KAZ:UZB"), subject, sentence, and photograph
 * (JPEG in base64), made small on the phone so that several fit on it and pass through a thin line.
 * Without this script the same form posts the same fields as a form.
 */
import { field, form, now, start } from "./device-queue.js";

const longestSide = 1000; // the server keeps no more
const quality = 0.7;
let photograph = "";
let unreadable = false;
/** @type {Promise<unknown>} the picture that is being made small */
let taken = Promise.resolve();

const chosen = (/** @type {string} */ name) => String(new FormData(form).get(name) ?? "");

/** @param {Blob} file @returns {Promise<string>} base64 of a JPEG; "" where this browser cannot read the picture */
async function small(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height));
    const paper = document.createElement("canvas");
    paper.width = Math.round(picture.width * scale);
    paper.height = Math.round(picture.height * scale);
    paper.getContext("2d")?.drawImage(picture, 0, 0, paper.width, paper.height);
    picture.close();
    return paper.toDataURL("image/jpeg", quality).split(",")[1] ?? "";
  } catch {
    return "";
  }
}

async function take() {
  const [file] = field("photograph").files ?? [];
  photograph = file ? await small(file) : "";
  unreadable = Boolean(file) && !photograph;
}

function wrong() {
  if (!chosen("way")) return form.dataset.placeWords ?? "";
  if (unreadable) return form.dataset.unreadableWords ?? "";
  return chosen("sentence").trim() || photograph ? "" : (form.dataset.emptyWords ?? "");
}

/** Ready for the next word from the same crossing. */
function clear() {
  const way = chosen("way");
  form.reset();
  field("way").value = way;
  photograph = "";
  unreadable = false;
}

/** @param {any} body */
function fill(body) {
  for (const name of ["way", "subject", "sentence"]) field(name).value = body[name] ?? "";
  photograph = body.photograph ?? "";
}

/** The address says which crossing is meant; a kept page may have been made for another. */
function followAddress() {
  const way = new URLSearchParams(location.search).get("way");
  if (way) field("way").value = way;
}

form.addEventListener("change", (event) => {
  if (event.target === field("photograph")) taken = take();
});
if (!form.querySelector("[aria-invalid=true]")) followAddress();
start({
  read: () => ({
    client_id: chosen("client_id"),
    counted_at: now(),
    way: chosen("way"),
    subject: chosen("subject"),
    sentence: chosen("sentence").trim(),
    photograph,
  }),
  fill,
  clear,
  wrong,
  total: () => 1,
  ready: () => taken,
  name: (body) => String(body.sentence ?? ""),
  first: () => field(chosen("way") ? "sentence" : "way"),
});
