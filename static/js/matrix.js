// @ts-check
// The matrix by keyboard: arrows go from cell to cell, Enter opens the person's evidence, f goes to the filter.

const table = document.querySelector(".matrix table");
const rows = table instanceof HTMLTableElement ? [...table.tBodies].flatMap((body) => [...body.rows]) : [];
const cells = rows.map((row) => [...row.cells].filter((cell) => !cell.classList.contains("cell-none")));

/** @param {number} row @param {number} column */
const go = (row, column) => {
  const cell = cells[row]?.[column];
  if (!cell) return;
  for (const other of cells.flat()) other.tabIndex = other === cell ? 0 : -1;
  cell.focus();
};

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

for (const [index, cell] of cells.flat().entries()) cell.tabIndex = index ? -1 : 0;

table?.addEventListener("keydown", (event) => {
  if (!(event instanceof KeyboardEvent) || !(event.target instanceof HTMLTableCellElement)) return;
  const cell = event.target;
  const row = cells.findIndex((each) => each.includes(cell));
  const step = STEPS[event.key];
  if (step && row >= 0) {
    event.preventDefault();
    go(row + step[0], cells[row].indexOf(cell) + step[1]);
  } else if (event.key === "Enter") {
    const link = cell.closest("tr")?.querySelector("a[href]");
    if (link instanceof HTMLElement) link.click();
  }
});

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, select, textarea");
  if (event.key !== "f" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const filter = document.querySelector("[data-filter]");
  if (!(filter instanceof HTMLElement)) return;
  event.preventDefault();
  filter.focus();
});
