// Counts a text as telephones do while it is typed: how long it is, and how many messages it will be.
import { findAll, make, on, text } from "./dom.js";

function count(field) {
  const { partsFirst, partsFurther, partsExtra } = field.dataset;
  const length = field.value.length ? field.value.length + Number(partsExtra) : 0;
  const parts = length <= Number(partsFirst) ? Math.min(length, 1) : Math.ceil(length / Number(partsFurther));
  let shown = field.parentElement.querySelector("[data-parts-shown]");
  if (!shown) {
    shown = make("span", { className: "field-hint", "aria-live": "polite", "data-parts-shown": "" });
    field.after(shown);
  }
  shown.textContent = `${text("characters")}: ${length} · ${text("messages")}: ${parts}`;
}

on("input", "[data-parts-first]", (event, field) => count(field));
findAll("[data-parts-first]").forEach(count);
