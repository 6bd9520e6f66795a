// Rows copied from a spreadsheet fill the lines of a form. The server reads the block in one request, by the rules of
// the fields; what it refuses stays in its cell, marked, until somebody corrects it.
import { csrfToken, find, findAll, make, newId, on, text, toast } from "./dom.js";

const NATIVE = ["date", "datetime-local"];

function isBlock(words) { return words.includes("\t") || /[\r\n]./.test(words.trim()); }

// Where the first row goes: into the row that it was pasted in, or after the last one that is filled.
function rowsFor(box, start, count) {
  const body = find("tbody", box);
  const rows = () => findAll("[data-line]", body);
  const isFilled = (row) => !("untouched" in row.dataset) && findAll("[data-column]", row).some((cell) => cell.type !== "checkbox" && cell.value.trim());
  let first = start ? rows().indexOf(start) : rows().findLastIndex(isFilled) + 1;
  if (first < 0) first = rows().length;
  while (rows().length < first + count) box.dispatchEvent(new CustomEvent("add-line"));
  return rows().slice(first, first + count);
}

function unmark(input) {
  const cell = input.closest("td");
  cell.classList.remove("field-invalid");
  for (const error of findAll(".field-error", cell)) error.remove();
  input.removeAttribute("aria-invalid");
  input.removeAttribute("aria-describedby");
}

function mark(input, message) {
  const error = make("span", { className: "field-error", id: newId("pasted"), textContent: message });
  const cell = input.closest("td");
  cell.classList.add("field-invalid");
  cell.append(error);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", error.id);
}

// A date box or a list cannot hold what it does not know: it becomes one that can, so that nothing gets lost.
function hold(input, value) {
  input.value = value;
  if (input.value === value) return;
  if (NATIVE.includes(input.type)) {
    input.type = "text";
    input.value = value;
  } else if (input.tagName === "SELECT") {
    input.append(make("option", { value, textContent: value }));
    input.value = value;
  }
}

function fill(row, name, cell) {
  const input = find(`[data-column="${CSS.escape(name)}"]`, row);
  if (!input) return;
  unmark(input);
  const reference = input.closest(".m2o");
  if (reference) {
    find("input[type=hidden]", reference).value = cell.value;
    input.value = input.dataset.chosen = cell.text;
  } else if (input.type === "checkbox") {
    input.checked = cell.value === "1";
  } else {
    hold(input, cell.value);
  }
  if (cell.error) mark(input, cell.error);
}

async function paste(box, words, start, column) {
  const body = new URLSearchParams({ text: words, column: column || "", csrf_token: csrfToken() });
  let answer;
  try {
    const response = await fetch(box.dataset.paste, { method: "POST", body, headers: { Accept: "application/json" } });
    answer = await response.json();
    if (!response.ok) { toast(answer.message || text("failed"), true); return false; }
  } catch {
    toast(text("offline"), true);
    return false;
  }
  const rows = rowsFor(box, start, answer.rows.length);
  answer.rows.forEach((cells, index) => {
    delete rows[index].dataset.untouched;
    for (const [name, cell] of Object.entries(cells)) fill(rows[index], name, cell);
  });
  box.dispatchEvent(new Event("input"));
  box.closest("form")?.dispatchEvent(new CustomEvent("changed", { bubbles: true }));
  const wrong = find("tbody [aria-invalid]", box);
  if (answer.ignored.length) toast(`${text("left_out")} ${answer.ignored.join(", ")}`, true);
  (wrong || find("[data-column]", rows[0]))?.focus();
  return true;
}

on("paste", "[data-paste] tbody [data-column]", (event, input) => {
  const words = event.clipboardData?.getData("text/plain") || "";
  if (!isBlock(words)) return;
  event.preventDefault();
  paste(input.closest("[data-paste]"), words, input.closest("[data-line]"), input.dataset.column);
});
on("input", "[data-paste] tbody [aria-invalid]", (event, input) => unmark(input));
on("picked", "[data-paste] tbody .m2o input[type=hidden]", (event, id) => unmark(find("[role=combobox]", id.parentElement)));
on("click", "[data-paste-open]", (event, button) => {
  const dialog = find(".paste-dialog", button.closest("[data-paste]"));
  find("textarea", dialog).value = "";
  dialog.showModal();
});
on("click", "[data-paste-fill]", async (event, button) => {
  const dialog = button.closest("dialog");
  const box = button.closest("[data-paste]");
  button.disabled = true;
  const isDone = await paste(box, find("textarea", dialog).value, null, "");
  button.disabled = false;
  if (!isDone) return;
  dialog.close();
  find("tbody [aria-invalid]", box)?.focus();
});
