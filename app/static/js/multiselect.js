// Several of many: chips and a searching box over <select multiple>, which stays the form control.
import { find, findAll, make, newId, text } from "./dom.js";

const LONGEST = 60;

function enhance(select) {
  const label = find(`label[for="${CSS.escape(select.id)}"]`);
  const words = label?.textContent.trim() || select.getAttribute("aria-label") || select.name;
  const input = make("input", { type: "text", autocomplete: "off", role: "combobox", "aria-label": words, "aria-expanded": "false", "aria-autocomplete": "list" });
  const box = make("div", { className: "multi-box" });
  const frame = make("div", { className: "multi" });
  select.before(frame);
  frame.append(select, box);
  select.tabIndex = -1;
  select.setAttribute("aria-hidden", "true");
  select.dataset.enhanced = "1";

  const close = () => {
    find("[role=listbox]", frame)?.remove();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-controls");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (option) => {
    for (const other of findAll("[role=option]", frame)) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  };
  const set = (option, selected) => {
    option.selected = selected;
    select.dispatchEvent(new Event("input", { bubbles: true }));
    draw();
  };
  const draw = () => {
    const chips = [...select.selectedOptions].map((option) => {
      const button = make("button", { type: "button", textContent: "×", "aria-label": `${text("remove")} ${option.text}` });
      button.addEventListener("click", (event) => { event.stopPropagation(); set(option, false); input.focus(); });
      return make("span", { className: "multi-chip" }, option.text, button);
    });
    box.replaceChildren(...chips, input);
  };
  const open = () => {
    close();
    const wanted = input.value.trim().toLowerCase();
    const fitting = [...select.options].filter((option) => !option.selected && option.value !== "" && option.text.toLowerCase().includes(wanted));
    if (!fitting.length) return;
    const list = make("ul", { id: newId("options"), className: "listbox", role: "listbox", "aria-label": words });
    for (const option of fitting.slice(0, LONGEST)) {
      const row = make("li", { id: newId("option"), role: "option", textContent: option.text });
      row.choose = () => { input.value = ""; set(option, true); input.focus(); open(); };
      row.addEventListener("mousedown", (event) => { event.preventDefault(); row.choose(); });
      list.append(row);
    }
    frame.append(list);
    input.setAttribute("aria-expanded", "true");
    input.setAttribute("aria-controls", list.id);
    mark(list.firstElementChild);
  };

  box.addEventListener("click", () => { input.focus(); open(); });
  input.addEventListener("input", (event) => { event.stopPropagation(); if (!event.isComposing) open(); });
  input.addEventListener("compositionend", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const rows = findAll("[role=option]", frame);
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.isComposing) return;
    if (event.key === "Enter" && rows.length) { event.preventDefault(); rows[at].choose(); }
    else if (event.key === "Escape" && rows.length) { event.stopPropagation(); close(); }
    else if (event.key === "Backspace" && !input.value && select.selectedOptions.length) {
      set([...select.selectedOptions].pop(), false);
      input.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!rows.length) { open(); return; }
      mark(rows[(at + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length]);
    }
  });
  draw();
}

for (const select of findAll("select[multiple]:not([data-enhanced])")) enhance(select);
