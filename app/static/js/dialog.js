// Questions before something happens, and the dialogs of the workflow buttons.
import { find, findAll, on, postTo } from "./dom.js";

// Asks in the page's own dialog; resolves to true when the user agrees.
export function ask(question) {
  const dialog = find("#confirm");
  find("p", dialog).textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

on("click", "[data-dialog]", (event, button) => {
  const menu = button.closest("details.menu");
  if (menu !== null) { // The focus goes back to what can be seen once the dialog is closed.
    menu.open = false;
    find("summary", menu).focus();
  }
  find(`#${CSS.escape(button.dataset.dialog)}`)?.showModal();
});
on("click", "dialog [data-close]", (event, button) => button.closest("dialog").close());
// A dialog that came back with errors is shown again at once.
for (const dialog of findAll("dialog[data-open]")) dialog.showModal();

on("click", "[data-post]", async (event, button) => {
  if (button.dataset.ask && !(await ask(button.dataset.ask))) return;
  postTo(button.dataset.post, button.dataset.version ? { version: button.dataset.version } : {});
});

on("click", "button[data-ask]:not([data-post])", async (event, button) => {
  if (button.dataset.agreed) { delete button.dataset.agreed; return; }
  event.preventDefault();
  if (!(await ask(button.dataset.ask))) return;
  button.dataset.agreed = "1";
  button.form.requestSubmit(button);
});

// A refused button does nothing, however it is pressed.
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[aria-disabled=true]")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);
