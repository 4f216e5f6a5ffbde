// @ts-check
/**
 * The head count at the barrier, kept on the phone and sent by device-queue.js.
 *
 * The choice of crossing and direction is one select, with values such as "KZ-UZ-01:KAZ:UZB".
 * What is sent: POST to the form's `data-url`, JSON, with the names of the form's fields:
 *   client_id (uuid, made here), counted_at (UTC), group, crossing, from_country, to_country,
 *   males, females | men, women (whichever was filled in; the others null), children_5_17, children_under_5,
 *   children_alone, exact (boolean), needs (list), mood, note
 * Without this script the same form posts the same fields as a form.
 */
import { field, form, now, number, start } from "./device-queue.js";

const numbers = ["males", "females", "men", "women", "children_5_17", "children_under_5", "children_alone"];
const ways = { sex: ["males", "females"], age: ["men", "women", "children_5_17", "children_under_5"] };

/** @returns {"sex" | "age"} */
const way = () => (field("way")?.value === "age" ? "age" : "sex");
const total = () => ways[way()].reduce((sum, name) => sum + number(name), 0);

/** @returns {any} */
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
    counted_at: now(),
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

/** Ready for the next group at the same crossing. */
function clear() {
  const place = field("crossing")?.value;
  const chosen = way();
  form.reset();
  if (place !== undefined && field("crossing")) field("crossing").value = place;
  if (field("way")) field("way").value = chosen;
  if (field("group")) field("group").value = "";
}

/** Puts a kept count back into the form. @param {any} body */
function fill(body) {
  if (field("way")) field("way").value = body.men === null && body.women === null ? "sex" : "age";
  for (const name of [...numbers, "group", "mood", "note"]) {
    const control = field(name);
    if (control) control.value = body[name] ?? "";
  }
  if (field("crossing")) field("crossing").value = [body.crossing, body.from_country, body.to_country].join(":");
  if (field("exact")) field("exact").value = String(body.exact);
  for (const box of form.querySelectorAll('input[name="needs"]')) {
    if (box instanceof HTMLInputElement) box.checked = body.needs.includes(box.value);
  }
  if (body.note) form.querySelector("details")?.setAttribute("open", "");
}

/** The address says which group and crossing are meant; a kept page may have been made for another. */
function followAddress() {
  const asked = new URLSearchParams(location.search);
  if (field("group")) field("group").value = asked.get("group") ?? "";
  if (asked.has("crossing") && field("crossing")) field("crossing").value = asked.get("crossing");
}

if (!form.querySelector("[aria-invalid=true]")) followAddress();
start({ read, fill, clear, wrong, total, first: () => field(ways[way()][0]) });
