// Calendars: an entry that is dropped on another day is moved as the form of “Move to” would move it.
import { findAll, on, postTo } from "./dom.js";

let entry = null;

function dayAt(target) {
  const day = entry && target instanceof Element ? target.closest("td[data-day]") : null;
  return day && day !== entry.closest("td") ? day : null;
}

function mark(day) {
  for (const one of findAll("td[data-day]")) one.classList.toggle("drop-here", one === day);
}

on("dragstart", ".calendar-entry[draggable]", (event, dragged) => {
  entry = dragged;
  entry.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", entry.textContent.trim());
});
on("dragend", ".calendar-entry", () => {
  entry?.classList.remove("dragged");
  entry = null;
  mark(null);
});
document.addEventListener("dragover", (event) => {
  const day = dayAt(event.target);
  if (!entry) return;
  mark(day);
  if (day) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const day = dayAt(event.target);
  if (!day) return;
  event.preventDefault();
  const { move, version } = entry.dataset;
  // After the drop has ended: a page that is left during it keeps the browser in the middle of a drag.
  setTimeout(() => postTo(move, { to: day.dataset.day, version }));
});
