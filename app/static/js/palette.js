// Command palette: Ctrl K, type a few letters of a menu entry, Enter.
import { find, findAll, on } from "./dom.js";

const dialog = find("#palette");

function options() { return findAll("[role=option]", dialog).filter((option) => !option.hidden); }

function choose(option) {
  for (const other of findAll("[aria-selected=true]", dialog)) other.setAttribute("aria-selected", "false");
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
  }
  const input = find("input", dialog);
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

function filter() {
  const wanted = find("input", dialog).value.trim().toLowerCase();
  for (const option of findAll("[role=option]", dialog)) option.hidden = !option.dataset.words.includes(wanted);
  choose(options()[0]);
  find("[data-palette-empty]", dialog).hidden = options().length > 0;
}

export function openPalette() {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  find("input", dialog).value = "";
  filter();
  find("input", dialog).focus();
}

function go(option) { if (option) window.location.href = option.dataset.url; }

on("click", "[data-palette]", openPalette);
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
  }
});
if (dialog) {
  dialog.addEventListener("input", filter);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    go(event.target.closest("[role=option]"));
  });
  dialog.addEventListener("keydown", (event) => {
    const shown = options();
    const at = shown.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.isComposing) return;
    if (event.key === "Enter") { event.preventDefault(); go(shown[at]); }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    choose(shown[(at + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length]);
  });
}
