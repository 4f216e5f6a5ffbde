// @ts-check
/**
 * The matrix by keyboard and by touch: arrows go from cell to cell, Home and End along a row, Enter or a tap opens the
 * evidence behind a finding (on a name, the person), f goes to the filter.
 */

const table = document.querySelector(".matrix table");
const rows = table instanceof HTMLTableElement ? [...table.tBodies].flatMap((body) => [...body.rows]) : [];
const cells = rows.map((row) => [...row.cells].filter((cell) => !cell.classList.contains("cell-none")));
const evidence = document.querySelector("[data-evidence]");

/** @param {number} row @param {number} column */
const go = (row, column) => {
  const cell = cells[row]?.[column];
  if (!cell) return;
  for (const other of cells.flat()) other.tabIndex = other === cell ? 0 : -1;
  cell.focus();
};

/** What a cell says in full, over the page. @param {HTMLTableCellElement} cell */
const open = (cell) => {
  const person = cell.closest("tr")?.querySelector("a[href]");
  const head = table instanceof HTMLTableElement ? table.tHead?.rows[0]?.cells[cell.cellIndex] : null;
  if (!(evidence instanceof HTMLDialogElement) || !(person instanceof HTMLAnchorElement)) return;
  /** @param {string} name @param {string} words */
  const say = (name, words) => evidence.querySelector(name)?.replaceChildren(words);
  say("h2", person.textContent ?? "");
  say("[data-evidence-asked]", head?.firstChild?.textContent ?? "");
  say("[data-evidence-why]", cell.title);
  evidence.querySelector("[data-evidence-person]")?.setAttribute("href", `${person.href}#asked`);
  evidence.showModal();
};

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

for (const [index, cell] of cells.flat().entries()) cell.tabIndex = index ? -1 : 0;

table?.addEventListener("keydown", (event) => {
  if (!(event instanceof KeyboardEvent) || !(event.target instanceof HTMLTableCellElement)) return;
  const cell = event.target;
  const row = cells.findIndex((each) => each.includes(cell));
  const step = STEPS[event.key];
  const column = { Home: 0, End: (cells[row]?.length ?? 0) - 1 }[event.key];
  if (row >= 0 && (step || column !== undefined)) {
    event.preventDefault();
    go(row + (step?.[0] ?? 0), column ?? cells[row].indexOf(cell) + (step?.[1] ?? 0));
  } else if (event.key === "Enter") {
    event.preventDefault();
    const link = cell.closest("tr")?.querySelector("a[href]");
    if ("why" in cell.dataset) open(cell);
    else if (link instanceof HTMLElement) link.click();
  }
});

table?.addEventListener("click", (event) => {
  const cell = event.target instanceof Element ? event.target.closest("td[data-why]") : null;
  if (cell instanceof HTMLTableCellElement) open(cell);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, select, textarea, dialog");
  if (event.key !== "f" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const filter = document.querySelector("[data-filter]");
  if (!(filter instanceof HTMLElement)) return;
  event.preventDefault();
  filter.focus();
});
