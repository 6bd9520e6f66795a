// Command palette: Ctrl K, type a few letters of a menu entry, a new record or a record, Enter.
// The menu is in the page, packed; the server is asked once when it opens, and once for each pause in typing.
import { csrfToken, find, findAll, on } from "./dom.js";

const PAUSE = 200;
const dialog = find("#palette");
let timer = 0;
let asked = 0;

function options() { return findAll("[role=option]", dialog).filter((option) => !option.hidden); }
function typed() { return find("input", dialog).value.trim(); }

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

// "customers" means Customers, not Transfer customers.
function best(wanted) {
  const shown = options();
  const label = (option) => find("span", option).textContent.trim().toLowerCase();
  return shown.find((option) => label(option) === wanted) || shown.find((option) => label(option).startsWith(wanted)) || shown[0];
}

// What the server found fits already; menu entries and new records are compared here.
function filter() {
  const wanted = typed().toLowerCase();
  for (const option of findAll("[role=option]", dialog)) option.hidden = option.dataset.words !== "" && !option.dataset.words.includes(wanted);
  for (const group of findAll(".palette-group", dialog)) {
    let next = group.nextElementSibling;
    while (next?.hidden) next = next.nextElementSibling;
    group.hidden = !next || next.matches(".palette-group");
  }
  if (!find("[aria-selected=true]:not([hidden])", dialog)) choose(best(wanted));
  find("[data-palette-empty]", dialog).hidden = options().length > 0;
}

async function ask() {
  asked += 1;
  const mine = asked;
  try {
    const response = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(typed())}`, { headers: { "HX-Request": "true" } });
    if (!response.ok || mine !== asked) return;
    const html = await response.text();
    for (const old of findAll("[data-found]", dialog)) old.remove();
    const list = find("[role=listbox]", dialog);
    list.insertAdjacentHTML(typed() ? "beforeend" : "afterbegin", html);
    if (!typed()) choose(null);
    filter();
  } catch { /* Without the server the menu still works. */ }
}

function change() {
  for (const old of findAll("[data-found]", dialog)) old.remove(); // The menu comes first until the server has answered.
  choose(null);
  filter();
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

// Until somebody asks for it, the menu stays out of the page: it would be a fifth of its nodes.
function unpackMenu() {
  const menu = find("template", dialog);
  if (menu) menu.replaceWith(menu.content);
}

export function openPalette() {
  if (!dialog || dialog.open) return;
  unpackMenu();
  dialog.showModal();
  find("input", dialog).value = "";
  filter();
  ask();
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
  dialog.addEventListener("input", (event) => { if (!event.isComposing) change(); });
  dialog.addEventListener("compositionend", change);
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

// A record that was opened goes to the head of the list of those opened last.
const opened = find("[data-opened]");
if (opened) fetch(opened.dataset.opened, { method: "POST", headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" }, keepalive: true }).catch(() => {});
