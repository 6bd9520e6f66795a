// The frame: folding sidebar, drawer on phones, menus, theme, closing messages.
import { find, findAll, isPhone, on, remember, remembered } from "./dom.js";

if (remembered("rail", false) && !isPhone()) document.body.classList.add("rail");

function closeDrawer() { document.body.classList.remove("drawer-open"); }

on("click", "[data-rail], .rail .brand", (event) => {
  if (isPhone()) { closeDrawer(); return; }
  event.preventDefault();
  remember("rail", document.body.classList.toggle("rail"));
});
on("click", "[data-drawer]", () => {
  document.body.classList.add("drawer-open");
  find(".sidebar nav a")?.focus();
});
on("click", ".scrim", closeDrawer);

on("click", "[data-theme-toggle]", () => {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax`;
});

// A group stays as the user left it, but the one that holds the current page is always open.
for (const group of findAll("details.nav-group")) {
  const key = `nav:${group.dataset.key}`;
  const left = remembered(key);
  if (left !== null && !find("[aria-current]", group)) group.open = left;
  group.addEventListener("toggle", () => remember(key, group.open));
}

on("click", "[data-dismiss]", (event, button) => button.closest(".flash").remove());
on("click", "[data-print]", () => window.print());
for (const message of findAll(".flash-success")) setTimeout(() => message.remove(), 6000);

// The way out of another user's screens, from wherever the keyboard is.
document.addEventListener("keydown", (event) => {
  const leave = find("[data-leave-viewing]");
  if (leave && event.altKey && event.code === "KeyQ") leave.click();
});

document.addEventListener("click", (event) => {
  for (const menu of findAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  closeDrawer();
  for (const menu of findAll("details.menu[open]")) {
    menu.open = false;
    find("summary", menu).focus();
  }
  for (const why of findAll(".why:focus-within, .why:hover")) why.classList.add("dismissed");
});
on("focusout", ".why", (event, why) => why.classList.remove("dismissed"));
on("mouseover", ".why", (event, why) => { if (!why.contains(event.relatedTarget)) why.classList.remove("dismissed"); });

// A row's menu lies inside a scrolling table that would cut it off: place it on the window instead.
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLDetailsElement) || !menu.matches(".row-menu") || !menu.open) return;
  const pop = find(".menu-pop", menu);
  const button = find("summary", menu).getBoundingClientRect();
  pop.classList.add("floating");
  const fitsBelow = button.bottom + pop.offsetHeight + 8 < window.innerHeight;
  pop.style.top = `${fitsBelow ? button.bottom + 4 : button.top - pop.offsetHeight - 4}px`;
  pop.style.left = `${Math.max(8, button.right - pop.offsetWidth)}px`;
}, true);
document.addEventListener("scroll", (event) => { // A long menu scrolls by itself: then it stays.
  for (const menu of findAll("details.row-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
}, { capture: true, passive: true });

// The arrows go from entry to entry of an open menu, and do not scroll the page below it.
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest("details.menu[open]");
  if (menu === null || (event.key !== "ArrowDown" && event.key !== "ArrowUp") || event.target.matches("input, select, textarea")) return;
  const entries = findAll(".menu-item", menu), at = entries.indexOf(event.target);
  if (entries.length === 0) return;
  event.preventDefault();
  const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? entries.length - 1 : at - 1;
  entries[(next + entries.length) % entries.length].focus();
});
on("click", "[data-back]", () => window.history.back());
