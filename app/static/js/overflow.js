// Rows that go on beyond an edge on a phone: the present one is brought to the middle, and the edge says that there is more.
import { find, findAll } from "./dom.js";

function mark(row) {
  const rest = row.scrollWidth - row.clientWidth - row.scrollLeft;
  row.classList.toggle("goes-on-left", row.scrollLeft > 1);
  row.classList.toggle("goes-on-right", rest > 1);
}

for (const row of findAll(".steps, .tabs")) {
  const present = find("[aria-current], [aria-selected=true]", row);
  if (present) row.scrollLeft = present.offsetLeft - row.offsetLeft - (row.clientWidth - present.offsetWidth) / 2;
  row.addEventListener("scroll", () => mark(row), { passive: true });
  new ResizeObserver(() => mark(row)).observe(row);
}
