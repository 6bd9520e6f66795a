// An @ in a comment opens a list of colleagues: arrows, Enter or Tab, a click or a tap; Escape leaves it as text.
import { find, findAll, make, newId, on, text } from "./dom.js";

const PAUSE = 150;
let list = null;
let field = null;
let timer = 0;
let asked = 0;

function typedName(area) {
  const before = area.value.slice(0, area.selectionStart);
  const found = before.match(/@([^\s@]{0,20})$/u);
  return found ? found[1] : null;
}

function close() {
  list?.remove();
  list = null;
  field?.removeAttribute("aria-activedescendant");
  field?.removeAttribute("aria-controls");
}

function mark(option) {
  for (const other of findAll("[aria-selected=true]", list)) other.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option.id);
}

function insert(option) {
  const at = field.selectionStart;
  const start = field.value.slice(0, at).lastIndexOf("@");
  field.setRangeText(`@${option.dataset.name} `, start, at, "end");
  field.form.append(make("input", { type: "hidden", name: "mentions", value: option.dataset.id, className: "mention" }));
  close();
  field.focus();
}

function show(people) {
  close();
  if (!people.length) return;
  list = make("ul", { role: "listbox", className: "listbox mention-list", id: newId("mentions"), "aria-label": text("colleagues") });
  for (const one of people) {
    const option = make("li", { role: "option", id: newId("colleague"), "aria-selected": "false" }, one.name, make("small", { textContent: one.username }));
    option.dataset.id = one.id;
    option.dataset.name = one.name;
    option.addEventListener("pointerdown", (event) => { event.preventDefault(); insert(option); });
    list.append(option);
  }
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  mark(list.firstElementChild);
}

async function ask(name) {
  asked += 1;
  const mine = asked;
  try {
    const response = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(name)}`, { headers: { Accept: "application/json" } });
    if (response.ok && mine === asked && typedName(field) !== null) show(await response.json());
  } catch { close(); }
}

on("input", "textarea[data-mentions]", (event, area) => {
  field = area;
  clearTimeout(timer);
  const name = typedName(area);
  if (name === null || event.isComposing) { close(); return; }
  timer = setTimeout(() => ask(name), PAUSE);
});
on("compositionend", "textarea[data-mentions]", (event, area) => area.dispatchEvent(new Event("input", { bubbles: true })));
on("keydown", "textarea[data-mentions]", (event) => {
  if (!list || event.isComposing) return;
  const options = findAll("[role=option]", list);
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    mark(options[(at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length]);
  } else if (event.key === "Enter" || event.key === "Tab") {
    insert(options[at]);
  } else if (event.key === "Escape") {
    close();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}, true);
on("focusout", "textarea[data-mentions]", () => setTimeout(close, PAUSE));
on("reset", "form", (event, form) => { for (const one of findAll("input.mention", form)) one.remove(); });
