// Streams the drafts into the page. Without this file every form still works; the server makes all the markup.

const form = document.getElementById("order");
const result = document.getElementById("result");
const status = document.getElementById("status");
const go = document.getElementById("go");
const stop = document.getElementById("stop");

let running = null;

function say(sentence, failed = false) {
  status.textContent = sentence;
  status.classList.toggle("failed", failed);
}

// The server escapes every text in these pieces; they are its own templates.
function piece(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const button of template.content.querySelectorAll(".copy")) button.hidden = false;
  return template.content;
}

function put(html) {
  const content = piece(html);
  const id = content.firstElementChild.id;
  const old = document.getElementById(id);
  if (old) old.replaceWith(content);
  else result.append(content);
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    for (let end = buffer.indexOf("\n\n"); end >= 0; end = buffer.indexOf("\n\n")) {
      const lines = buffer.slice(0, end).split("\n");
      buffer = buffer.slice(end + 2);
      const name = lines.find((line) => line.startsWith("event: "));
      const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
      if (name) yield { name: name.slice(7), data: data.join("\n") };
    }
  }
}

async function refusal(answer) {
  if (answer.status === 401) return "You are signed out. Open the page again to sign in.";
  const type = answer.headers.get("Content-Type") || "";
  const text = await answer.text();
  return type.includes("json") ? JSON.parse(text).detail : text;
}

function show(event, seen) {
  if (event.name === "triaged") {
    put(event.data);
    say("Read and triaged. Writing the drafts …");
  } else if (event.name === "draft") {
    put(event.data);
    say(`Draft ${result.querySelectorAll(".card").length} is being written …`);
  } else if (event.name === "sentence" || event.name === "checked") {
    put(event.data);
  } else if (event.name === "reply") {
    result.replaceChildren(piece(event.data));
    const all = result.querySelectorAll(".card").length;
    const ready = result.querySelectorAll(".card.ready").length;
    say(`${all} ${all === 1 ? "draft" : "drafts"}, ${ready} ready to send.`);
    seen.ended = true;
  } else if (event.name === "failed") {
    say(event.data, true);
    seen.ended = true;
  }
}

async function draft() {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const body = new URLSearchParams(new FormData(form));
  result.replaceChildren();
  result.setAttribute("aria-busy", "true");
  form.querySelector(".alert")?.remove();
  stop.hidden = false;
  say("Reading the complaint …");
  const seen = { ended: false };
  try {
    const answer = await fetch("/stream", { method: "POST", body, signal: mine.signal });
    if (!answer.ok) {
      say(await refusal(answer), true);
      return;
    }
    for await (const event of events(answer.body)) show(event, seen);
    if (!seen.ended) say("The connection ended early. Send the form again.", true);
  } catch (error) {
    if (running !== mine) return;
    say(error.name === "AbortError" ? "Stopped." : "The service cannot be reached. Try again.", error.name !== "AbortError");
  } finally {
    if (running === mine) {
      running = null;
      stop.hidden = true;
      result.removeAttribute("aria-busy");
    }
  }
}

async function recheck(work, button) {
  const body = new URLSearchParams(new FormData(work, button));
  const card = work.closest(".card");
  const editing = card.querySelector("details.edit").open;
  say("Checking …");
  try {
    const answer = await fetch("/recheck", { method: "POST", body, headers: { "X-Fragment": "1" } });
    if (!answer.ok) {
      say(await refusal(answer), true);
      return;
    }
    const id = card.id;
    card.replaceWith(piece(await answer.text()));
    const fresh = document.getElementById(id);
    fresh.querySelector("details.edit").open = editing;
    fresh.querySelector("h3").focus();
    say(fresh.classList.contains("ready") ? "Checked: ready to send." : "Checked: not ready yet.");
  } catch {
    say("The service cannot be reached. Try again.", true);
  }
}

async function copy(button) {
  const text = button.closest(".card").querySelector("textarea[name=text]").value;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    say("Copied.");
  } catch {
    say("The browser does not allow copying. Open “Edit” and copy the text there.", true);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  draft();
});

form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

stop.addEventListener("click", () => {
  running?.abort();
  go.focus();
});

result.addEventListener("submit", (event) => {
  event.preventDefault();
  recheck(event.target, event.submitter);
});

result.addEventListener("click", (event) => {
  const button = event.target.closest(".copy");
  if (button) copy(button);
});

for (const button of result.querySelectorAll(".copy")) button.hidden = false;
document.getElementById("keys").hidden = false;
