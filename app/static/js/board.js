// Boards: a card that is dropped on another column is sent as its form would send it.
import { find, findAll, make, on } from "./dom.js";

let card = null;

function columnAt(target) {
  const column = card && target instanceof Element ? target.closest(".board-column") : null;
  return column && column !== card.closest(".board-column") ? column : null;
}

function mark(column) {
  for (const one of findAll(".board-column")) one.classList.toggle("drop-here", one === column);
}

on("dragstart", ".board-card[draggable]", (event, dragged) => {
  card = dragged;
  card.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", find("b", card).textContent);
});
on("dragend", ".board-card", () => {
  card?.classList.remove("dragged");
  card = null;
  mark(null);
});
document.addEventListener("dragover", (event) => {
  const column = columnAt(event.target);
  mark(column);
  if (column) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const column = columnAt(event.target);
  if (!column) return;
  event.preventDefault();
  const form = find("form[data-move]", card);
  // Where no step leads there the server says so: every column may be tried.
  find("select", form).remove();
  form.append(make("input", { type: "hidden", name: "to", value: column.dataset.columnKey }));
  // After the drop has ended: a page that is left during it keeps the browser in the middle of a drag.
  setTimeout(() => form.requestSubmit());
});
