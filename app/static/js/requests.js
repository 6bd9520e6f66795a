// What htmx leaves to us: emptying a sent comment, and saying when a request failed.
import { find, findAll, on, text, toast } from "./dom.js";

on("htmx:afterRequest", "[data-reset]", (event, form) => { if (event.detail.successful) form.reset(); });
document.addEventListener("htmx:beforeOnLoad", (event) => {
  // A session that ended answers with the sign-in page: show that, not a piece of it.
  if (event.detail.xhr.responseURL.includes("/login")) {
    event.preventDefault();
    window.location.reload();
  }
});
document.addEventListener("htmx:responseError", (event) => {
  let message = "";
  try { message = JSON.parse(event.detail.xhr.responseText).message; } catch { /* Not JSON: the status has to do. */ }
  toast(message || `${text("failed")} (${event.detail.xhr.status})`, true);
});
document.addEventListener("htmx:sendError", () => toast(text("offline"), true));
// A new comment counts.
on("htmx:afterSwap", "#activity", (event, list) => {
  find(".pill", list.closest(".activity")).textContent = findAll(".activity-item", list).length;
});
// Content that is loaded into a dialog opens it.
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
});
