// The files of a record: several at once, each sent by itself, so that one that is refused holds up no other.
import { csrfToken, find, findAll, make, on, text } from "./dom.js";

const MEGABYTE = 1024 * 1024;

function row(box, file) {
  const bar = make("progress", { max: 100, value: 0, "aria-label": file.name });
  const line = make("li", { className: "attachment-sending" }, make("span", { textContent: file.name }), bar);
  find("[data-attachments-sending]", box).append(line);
  return { line, bar };
}

function fail({ line, bar }, message) {
  const close = make("button", { type: "button", className: "btn btn-sm", textContent: text("close") });
  close.addEventListener("click", () => line.remove());
  line.classList.add("danger");
  line.setAttribute("role", "alert");
  line.replaceChildren(make("span", { textContent: message.includes(bar.ariaLabel) ? message : `${bar.ariaLabel}: ${message}` }), close);
}

function messageOf(request) {
  try { return JSON.parse(request.responseText).message || text("failed"); } catch { return text("failed"); }
}

function send(box, file) {
  const shown = row(box, file);
  if (file.size > Number(box.dataset.limit) * MEGABYTE) {
    fail(shown, box.dataset.tooLarge.replace("{name}", file.name));
    return Promise.resolve();
  }
  const body = new FormData();
  body.append("file", file);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", box.dataset.url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) shown.bar.value = Math.round((event.loaded / event.total) * 100);
    });
    request.addEventListener("load", () => {
      if (request.status === 200) {
        shown.line.remove();
        const list = find("[data-attachments-list]", box);
        list.innerHTML = request.responseText;
        find("[data-attachment-count]", box).textContent = findAll(".attachment", list).length;
      } else {
        fail(shown, messageOf(request));
      }
      done();
    });
    request.addEventListener("error", () => { fail(shown, text("offline")); done(); });
    request.send(body);
  });
}

// What was refused before is forgotten. A file that changes its record changes the fields and buttons of the page too.
async function sendAll(box, files) {
  const sending = find("[data-attachments-sending]", box);
  sending.replaceChildren();
  for (const file of files) await send(box, file);
  if ("changesRecord" in box.dataset && files.length && !sending.children.length) window.location.reload();
}

on("change", "[data-attachments] input[type=file]", async (event, input) => {
  const files = [...input.files];
  input.value = "";
  await sendAll(input.closest("[data-attachments]"), files);
});
for (const box of findAll("[data-attachments]")) {
  if (!find("input[type=file]", box)) continue;
  for (const kind of ["dragover", "dragleave", "drop"]) {
    box.addEventListener(kind, (event) => {
      event.preventDefault();
      box.classList.toggle("over", kind === "dragover");
      if (kind === "drop") sendAll(box, [...event.dataTransfer.files]);
    });
  }
}
on("click", "[data-delete-attachment]", (event, button) => {
  const dialog = find("#delete-attachment");
  find("form", dialog).action = button.dataset.deleteAttachment;
  find("[data-attachment-name]", dialog).textContent = button.dataset.name;
  find("input[name=reason]", dialog).value = "";
  dialog.showModal();
});
