// What every behaviour needs: finding, listening, making elements, remembering, posting.
// Listeners are delegated to the document, so that parts swapped in by htmx work without being set up again.

export function find(selector, root = document) { return root.querySelector(selector); }
export function findAll(selector, root = document) { return [...root.querySelectorAll(selector)]; }

export function on(event, selector, handle, options) {
  document.addEventListener(event, (occurrence) => {
    const target = occurrence.target instanceof Element ? occurrence.target.closest(selector) : null;
    if (target) handle(occurrence, target);
  }, options);
}

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

// The words that scripts show, translated by the page.
const texts = JSON.parse(document.getElementById("texts")?.textContent || "{}");
export function text(key) { return texts[key] || key; }

export function remembered(key, otherwise = null) {
  try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; }
}
export function remember(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* Private windows may refuse; the page works without. */ }
}

export function csrfToken() { return find("meta[name=csrf-token]")?.content || ""; }

// Sends a form that no page element stands for, such as a deletion from a row's menu.
export function postTo(url, values = {}) {
  const form = make("form", { method: "post", action: url, hidden: true });
  for (const [name, value] of Object.entries({ csrf_token: csrfToken(), ...values })) {
    form.append(make("input", { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}

let unique = 0;
export function newId(prefix) { unique += 1; return `${prefix}-${unique}`; }

export function isPhone() { return window.matchMedia("(max-width: 760px)").matches; }

export function toast(message, bad = false) {
  const box = make("div", { className: bad ? "toast toast-danger" : "toast", role: bad ? "alert" : "status", textContent: message });
  find("#toasts").append(box);
  setTimeout(() => box.remove(), 4500);
}
