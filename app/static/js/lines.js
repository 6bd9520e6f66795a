// Inline lines: rows are added from a <template>, removed, numbered and totalled; Enter adds one.
import { find, findAll, on } from "./dom.js";

function number(text) {
  const value = parseFloat(String(text).replaceAll(",", ""));
  return Number.isFinite(value) ? value : 0;
}

function setUp(box) {
  const body = find("tbody", box);
  const template = find("template", box);
  const form = box.closest("form");
  // The next free number: names must never repeat, or the server would read two rows as one.
  let next = Math.max(-1, ...findAll("[data-line]", body).map((row) => Number(row.dataset.line))) + 1;
  const language = document.documentElement.lang;

  const refresh = () => {
    findAll("[data-line]", body).forEach((row, index) => { find(".line-number", row).textContent = index + 1; });
    for (const output of findAll("output[data-product]", body)) {
      const row = output.closest("tr");
      const factors = output.dataset.product.split(" ").map((name) => number(find(`[data-column="${CSS.escape(name)}"]`, row)?.value));
      output.value = factors.reduce((product, factor) => product * factor, 1).toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    }
    for (const total of findAll("[data-total]", box)) {
      const cells = findAll(`[data-column="${CSS.escape(total.dataset.total)}"]`, body);
      const sum = cells.reduce((before, cell) => before + number(cell.value), 0);
      total.textContent = sum.toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 6 });
    }
    const count = find("[data-line-count]", box);
    if (count) count.textContent = findAll("[data-line]", body).length;
  };

  const add = (focus = true) => {
    body.append(template.content.cloneNode(true));
    const row = body.lastElementChild;
    row.dataset.line = next;
    row.dataset.untouched = "1";
    const prefix = new RegExp(`^${box.dataset.lines}-\\d+-`);
    for (const element of findAll("[name], [id], [for], [aria-describedby]", row)) {
      for (const attribute of ["name", "id", "for", "aria-describedby"]) {
        const value = element.getAttribute(attribute);
        if (value) element.setAttribute(attribute, value.replace(prefix, `${box.dataset.lines}-${next}-`));
      }
    }
    next += 1;
    refresh();
    if (focus) find("input:not([type=hidden]), select, textarea", row)?.focus();
  };
  // Pasted rows come without taking the focus along.
  box.addEventListener("add-line", () => add(false));

  const touch = (event) => { delete event.target.closest("[data-line]")?.dataset.untouched; };
  // An added row that nobody filled in is not sent: its defaults would make it look filled.
  form?.addEventListener("submit", () => { for (const row of findAll("[data-untouched]", body)) row.remove(); });

  const changed = () => form?.dispatchEvent(new CustomEvent("changed", { bubbles: true }));
  box.addEventListener("input", (event) => { touch(event); refresh(); });
  box.addEventListener("picked", (event) => {
    touch(event);
    // The chosen record may bring values along, such as a price.
    const row = event.target.closest("tr");
    for (const [name, value] of Object.entries(event.detail?.data || {})) {
      const input = find(`[data-column="${CSS.escape(name)}"]`, row);
      if (input) input.value = value;
    }
    refresh();
  });
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-add-line]")) { add(); changed(); }
    const remove = event.target.closest("[data-remove-line]");
    if (!remove) return;
    const row = remove.closest("tr");
    const neighbour = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    (neighbour ? find("[data-remove-line]", neighbour) : find("[data-add-line]", box)).focus();
    refresh();
    changed();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("tbody input")) return;
    // In an open list Enter chooses.
    if (event.target.getAttribute("aria-expanded") === "true") return;
    // Enter walks down a column like in a spreadsheet, and makes a new row below the last one.
    event.preventDefault();
    const row = event.target.closest("tr");
    const below = row.nextElementSibling;
    if (!below) { add(); changed(); return; }
    const column = event.target.dataset.column;
    (column ? find(`[data-column="${CSS.escape(column)}"]`, below) : find("input:not([type=hidden])", below))?.focus();
  });
  refresh();
}

for (const box of findAll("[data-lines]")) setUp(box);
