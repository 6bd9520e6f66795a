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
// What happened to a record came, all of it or with a new comment: say how much it is, and that there is more.
on("htmx:afterSwap", "#activity", (event, list) => {
  const more = find("[data-earlier]", list) ? "+" : "";
  find("[data-activity-count]").textContent = `${findAll(".activity-item", list).length}${more}`;
});
// Content that is loaded into a dialog opens it.
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
});
