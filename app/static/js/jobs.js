// The progress of a background job: asked once a second; when it is over, the page shows what came of it.
import { find, text } from "./dom.js";

const INTERVAL = 1000;
const box = find("[data-job]");

function show(job) {
  const bar = find("progress", box);
  if (job.total) {
    bar.max = job.total;
    bar.value = job.done;
    find("[data-job-count]", box).textContent = `${job.done.toLocaleString()} / ${job.total.toLocaleString()}`;
  } else {
    bar.removeAttribute("value");
  }
  find("[data-job-message]", box).textContent = job.message || "";
}

async function poll() {
  try {
    const response = await fetch(box.dataset.job, { headers: { Accept: "application/json" } });
    if (response.ok) {
      const job = await response.json();
      if (job.state !== "queued" && job.state !== "running") { window.location.reload(); return; }
      show(job);
    }
  } catch {
    find("[data-job-message]", box).textContent = text("offline");
  }
  setTimeout(poll, INTERVAL);
}

if (box) poll();
