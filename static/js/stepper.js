// @ts-check
// − and + beside a number; typing replaces the number; Enter goes on to the next one instead of sending the form.

/** @param {Element} element @returns {HTMLInputElement | null} */
const numberIn = (element) => element.closest(".stepper")?.querySelector("input") ?? null;

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-step]") : null;
  const input = button && numberIn(button);
  if (!(button instanceof HTMLElement) || !input) return;
  const lowest = input.min === "" ? -Infinity : Number(input.min);
  const highest = input.max === "" ? Infinity : Number(input.max);
  const next = (Number(input.value) || 0) + Number(button.dataset.step);
  input.value = String(Math.min(Math.max(next, lowest), highest));
  input.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.closest(".stepper")) event.target.select();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement) || !event.target.closest(".stepper")) return;
  const all = [...document.querySelectorAll(".stepper input")].filter((input) => input.getClientRects().length);
  const next = all[all.indexOf(event.target) + 1];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
});
