// Forms: warn before typed values are lost, send only once, save with Ctrl S, lead to the first error.
import { find, findAll, on } from "./dom.js";

function markChanged(form) { form.dataset.changed = "1"; }

for (const event of ["input", "picked", "changed"]) on(event, "form[data-guard]", (occurrence, form) => markChanged(form));
addEventListener("beforeunload", (event) => {
  if (find("form[data-guard][data-changed]")) event.preventDefault();
});
on("click", "[data-discard]", () => { for (const form of findAll("form[data-guard]")) delete form.dataset.changed; });

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (event.submitter?.hasAttribute("data-file")) return; // It is answered by a file: the page stays.
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  delete form.dataset.changed;
  for (const button of findAll(`button:not([type=button]), button[form="${CSS.escape(form.id || "-")}"]`, document)) {
    if (button.form === form) button.setAttribute("aria-busy", "true");
  }
});
// Going back shows the page as it was left: the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of findAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of findAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  const form = find("form[data-guard]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

find(".field-invalid .form-control, .field-invalid [role=combobox]")?.focus({ preventScroll: false });

// A choice that changes what a page shows sends its form at once.
on("change", "[data-submit-on-change]", (event, control) => control.form.requestSubmit());

// Files may be dropped on the box as well as chosen.
for (const zone of findAll(".dropzone")) {
  const input = find("input[type=file]", zone);
  const name = find("[data-file-name]", zone);
  const show = () => { if (input.files.length) name.textContent = input.files[0].name; };
  input.addEventListener("change", show);
  for (const event of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(event, (occurrence) => {
      occurrence.preventDefault();
      zone.classList.toggle("over", event === "dragover");
      if (event !== "drop" || !occurrence.dataTransfer.files.length) return;
      input.files = occurrence.dataTransfer.files;
      show();
    });
  }
}
