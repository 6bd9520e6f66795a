// Tabs, with the arrow keys as the pattern for tabs demands; the address keeps which one is open.
import { find, findAll, on } from "./dom.js";

function open(tab, focus = false) {
  for (const other of findAll("[role=tab]", tab.closest("[role=tablist]"))) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    find(`#${CSS.escape(other.getAttribute("aria-controls"))}`).hidden = !chosen;
  }
  if (focus) tab.focus();
}

on("click", "[role=tab]", (event, tab) => {
  open(tab);
  window.history.replaceState(null, "", `#${tab.id}`);
});
on("keydown", "[role=tab]", (event, tab) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = findAll("[role=tab]", tab.closest("[role=tablist]"));
  open(tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length], true);
});

const wanted = document.getElementById(window.location.hash.slice(1));
if (wanted?.getAttribute("role") === "tab") open(wanted);
