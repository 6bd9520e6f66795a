// Lists: choosing rows, opening a row by clicking anywhere on it, hiding columns.
import { find, findAll, on, remember, remembered } from "./dom.js";

function boxes(list) { return findAll("input[name=rowid]", list); }

function showChoice(list) {
  const all = boxes(list);
  const chosen = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr, .card").classList.toggle("selected", box.checked);
  const head = find("[data-choose-all]", list);
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const bar = find(".bulk-bar", list);
  if (bar) {
    bar.classList.toggle("shown", chosen.length > 0);
    find("[data-chosen]", bar).textContent = chosen.length;
  }
}

on("change", "[data-choose-all]", (event, head) => {
  const list = head.closest("[data-list]");
  for (const box of boxes(list)) box.checked = head.checked;
  showChoice(list);
});
on("click", "[data-choose-none]", (event, button) => {
  const list = button.closest("[data-list]");
  for (const box of boxes(list)) box.checked = false;
  showChoice(list);
});

let lastBox = null;
on("click", "input[name=rowid]", (event, box) => {
  const list = box.closest("[data-list]");
  const all = boxes(list);
  if (event.shiftKey && lastBox && all.includes(lastBox)) {
    const [from, to] = [all.indexOf(lastBox), all.indexOf(box)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  }
  lastBox = box;
  showChoice(list);
});
// The browser restores ticked boxes when one goes back to the list.
addEventListener("pageshow", () => { for (const list of findAll("[data-list]")) showChoice(list); });

on("click", "[data-row-links] tbody tr", (event, row) => {
  const own = event.target.closest("a, button, input, summary, label, details");
  if (own || String(getSelection())) return;
  find("td.cell-key a", row)?.click();
});

// Which columns are hidden is kept in the browser, for each list; those hidden by default come marked.
for (const menu of findAll("[data-columns]")) {
  const list = menu.closest("[data-list]");
  const key = `columns:${list.dataset.list}`;
  const kept = remembered(key, {});
  const show = (box) => {
    for (const cell of findAll(`[data-column="${CSS.escape(box.value)}"]`, list)) cell.hidden = !box.checked;
  };
  for (const box of findAll("input", menu)) {
    box.checked = kept[box.value] ?? !box.hasAttribute("data-hidden");
    show(box);
    box.addEventListener("change", () => {
      kept[box.value] = box.checked;
      remember(key, kept);
      show(box);
    });
  }
}

// An edited sheet may be dropped anywhere on its list.
for (const form of findAll("[data-sheet-drop]")) {
  const list = form.closest("[data-list]");
  const bringsFile = (event) => event.dataTransfer?.types.includes("Files");
  list.addEventListener("dragover", (event) => {
    if (!bringsFile(event)) return;
    event.preventDefault();
    list.classList.add("drop-here");
  });
  list.addEventListener("dragleave", (event) => { if (!list.contains(event.relatedTarget)) list.classList.remove("drop-here"); });
  list.addEventListener("drop", (event) => {
    if (!bringsFile(event)) return;
    event.preventDefault();
    list.classList.remove("drop-here");
    find("input[type=file]", form).files = event.dataTransfer.files;
    form.submit();
  });
}
