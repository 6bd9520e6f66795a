// The filter box: column, operator and value become FAB's `_flt_<operator>_<column>=value` in the address.
import { find, findAll, make, text } from "./dom.js";
import { makeCombobox } from "./combobox.js";

const INPUT_TYPES = { date: "date", datetime: "datetime-local" };
const NUMBERS = ["number", "integer", "quantity", "money"];

function option([value, words]) { return make("option", { value, textContent: words }); }

function valueInput(column, lookup) {
  const label = text("value");
  if (column.kind === "reference" && lookup) return makeCombobox("value", `${lookup}/${column.name}`, label);
  if (column.kind === "choice" || column.kind === "bool") {
    const choices = column.choices?.length ? column.choices : [["1", text("yes")], ["0", text("no")]];
    return make("select", { name: "value", className: "form-control", "aria-label": label }, ...choices.map(option));
  }
  const type = INPUT_TYPES[column.kind] || "text";
  const input = make("input", { name: "value", type, className: "form-control", "aria-label": label, autocomplete: "off" });
  if (NUMBERS.includes(column.kind)) input.inputMode = "decimal";
  return input;
}

for (const form of findAll("form[data-filters]")) {
  const columns = JSON.parse(form.dataset.filters);
  const slot = find("[data-filter-value]", form);
  const column = () => columns[form.elements.column.selectedIndex];
  const draw = () => {
    form.elements.operator.replaceChildren(...column().operators.map(option));
    slot.replaceChildren(valueInput(column(), form.dataset.lookup));
  };
  form.elements.column.addEventListener("change", draw);
  if (columns.length) draw();

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const url = new URL(window.location.href);
    const value = form.elements.value.value;
    if (value === "") { find("input:not([type=hidden]), select", slot).focus(); return; }
    url.searchParams.append(`_flt_${form.elements.operator.value}_${column().name}`, value);
    // A narrower list starts on its first page again.
    for (const name of [...url.searchParams.keys()]) if (name.startsWith("page_") || name === "end") url.searchParams.delete(name);
    window.location.href = url;
  });
}
