// The grid of a role's rights: all or none of an area, or of a row.
import { findAll, on } from "./dom.js";

on("click", "[data-tick]", (_event, button) => {
  const part = button.closest("[data-rights-row]") || button.closest("[data-rights]");
  const boxes = findAll("input[name=pair]:not(:disabled)", part);
  const wanted = button.dataset.tick === "row" ? !boxes.every((box) => box.checked) : button.dataset.tick === "all";
  for (const box of boxes) box.checked = wanted;
});
