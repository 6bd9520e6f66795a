// Many-to-one fields: a hidden id, and a text box that searches on the server.
// Search waits while an input method composes, or every half-typed pinyin syllable would be looked up.
import { find, findAll, make, newId, on, text } from "./dom.js";

const DELAY = 160;
let timer = 0;
let latest = 0;

function parts(box) { return { input: find("[role=combobox]", box), id: find("input[type=hidden]", box), list: find("[role=listbox]", box) }; }

function close(box) {
  const { input, list } = parts(box);
  list?.remove();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-controls");
  input.removeAttribute("aria-activedescendant");
}

function mark(box, option) {
  const { input, list } = parts(box);
  for (const other of findAll("[role=option]", list)) other.setAttribute("aria-selected", String(other === option));
  if (!option) return;
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function show(box, rows) {
  close(box);
  const { input } = parts(box);
  const list = make("ul", { id: newId("options"), className: "listbox", role: "listbox", "aria-label": input.getAttribute("aria-label") || text("options") });
  for (const row of rows) {
    const option = make("li", { id: newId("option"), role: "option", textContent: row.text });
    option.row = row;
    if (row.sub) option.append(make("small", { textContent: row.sub }));
    list.append(option);
  }
  if (!rows.length) list.append(make("li", { className: "listbox-empty", role: "option", "aria-disabled": "true", textContent: text("nothing_found") }));
  box.append(list);
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", list.id);
  mark(box, rows.length ? list.firstElementChild : null);
}

async function search(box, words) {
  const { input } = parts(box);
  const mine = ++latest;
  const url = new URL(box.dataset.url, window.location.href);
  url.searchParams.set("q", words);
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  // An answer that was overtaken, or that comes after the user has left, is not shown.
  if (!response.ok || mine !== latest || document.activeElement !== input) return;
  show(box, await response.json());
}

function pick(box, option) {
  if (!option?.row) return;
  const { input, id } = parts(box);
  id.value = option.row.id;
  input.value = input.dataset.chosen = option.row.text;
  close(box);
  id.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: option.row }));
}

function leave(box) {
  const { input, id } = parts(box);
  close(box);
  if (input.value.trim() === "") {
    if (id.value) {
      id.value = "";
      id.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: null }));
    }
    input.dataset.chosen = "";
  } else {
    // What was typed but not chosen names no record: show again what is kept.
    input.value = input.dataset.chosen ?? input.value;
  }
}

export function makeCombobox(name, url, label) {
  const input = make("input", { className: "form-control", autocomplete: "off", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-label": label, placeholder: text("type_to_search") });
  const box = make("span", { className: "m2o" }, make("input", { type: "hidden", name }), input);
  box.dataset.url = url;
  return box;
}

on("focusin", ".m2o [role=combobox]", (event, input) => {
  input.dataset.chosen ??= input.value;
  input.select();
});
on("click", ".m2o [role=combobox]", (event, input) => {
  if (input.getAttribute("aria-expanded") === "false") search(input.closest(".m2o"), "");
});
on("input", ".m2o [role=combobox]", (event, input) => {
  if (event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(() => search(input.closest(".m2o"), input.value), DELAY);
});
on("compositionend", ".m2o [role=combobox]", (event, input) => search(input.closest(".m2o"), input.value));
on("keydown", ".m2o [role=combobox]", (event, input) => {
  const box = input.closest(".m2o");
  const options = findAll("[role=option]", box).filter((option) => option.row);
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (options.length) mark(box, options[(at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length]);
    else search(box, input.value === input.dataset.chosen ? "" : input.value);
  } else if (event.key === "Enter" && find("[role=listbox]", box)) {
    event.preventDefault();
    event.stopPropagation();
    pick(box, options[at]);
  } else if (event.key === "Escape" && find("[role=listbox]", box)) {
    event.stopPropagation();
    close(box);
  }
});
// Before the text box loses the focus, and with it the list.
on("mousedown", ".m2o [role=option]", (event, option) => {
  event.preventDefault();
  pick(option.closest(".m2o"), option);
});
on("focusout", ".m2o [role=combobox]", (event, input) => leave(input.closest(".m2o")));
