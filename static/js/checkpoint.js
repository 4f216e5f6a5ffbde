// @ts-check
/**
 * Heads counted in one bus at one point of the way, kept on the phone and sent by device-queue.js.
 *
 * What is sent: client_id, counted_at (UTC), kind (the point), vehicle (public id), heads.
 * Without this script the same form posts the same fields as a form.
 */
import { field, form, now, number, start } from "./device-queue.js";

const chosen = (/** @type {string} */ name) => String(new FormData(form).get(name) ?? "");
const wasGiven = () => field("heads").value.trim() !== "";

function wrong() {
  if (!chosen("kind") || !chosen("vehicle")) return form.dataset.chooseWords ?? "";
  return wasGiven() ? "" : (form.dataset.emptyWords ?? "");
}

/** The next bus at the same point, with nothing counted yet. */
function clear() {
  const buses = [...form.querySelectorAll('input[name="vehicle"]')].map((input) => /** @type {HTMLInputElement} */ (input));
  const following = buses[buses.findIndex((input) => input.checked) + 1];
  if (following) following.checked = true;
  field("heads").value = "";
}

/** @param {any} body */
function fill(body) {
  for (const name of ["kind", "vehicle", "heads"]) field(name).value = body[name] ?? "";
}

start({
  read: () => ({
    client_id: chosen("client_id"),
    counted_at: now(),
    kind: chosen("kind"),
    vehicle: chosen("vehicle"),
    heads: number("heads"),
  }),
  fill,
  clear,
  wrong,
  total: () => number("heads"),
  first: () => field("heads"),
});
