"use strict";
// The page of the simulated carrier. The server sends its whole state after every change; this file shows it.

const $ = (id) => document.getElementById(id);
let state = { lines: [], phones: [], messages: [], calls: [], faults: [], next: [] };
let chosen = null; // address of the phone in view
const lineOf = new Map(); // phone -> the line it writes to
const seen = new Map(); // phone and line -> messages to it that were in view
const drafts = new Map();
const rows = new Map(); // sid -> what stands on the page
let announced = null; // sids that a screen reader was told of

function el(tag, className, ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.append(...children);
  return e;
}

async function act(action) {
  const problem = $("problem");
  try {
    const answer = await fetch("act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(action),
    });
    problem.hidden = answer.ok;
    if (!answer.ok) problem.textContent = "That did not go out: " + (await answer.text());
    return answer.ok;
  } catch {
    problem.hidden = false;
    problem.textContent = "The simulated carrier does not answer. Is the demo still running?";
    return false;
  }
}

// Words

function lineLabel(line) {
  const number = line.address.replace("whatsapp:", "");
  return line.whatsapp ? "WhatsApp " + number : "Text " + number;
}

const mediaWords = { image: "a picture", audio: "a voice note", video: "a film" };
function mediaWord(media) {
  return mediaWords[media.split("/")[0]] || "a file (" + media + ")";
}

const stateWords = {
  queued: ["○", "waiting at the carrier", ""],
  sending: ["○", "on its way", ""],
  sent: ["○", "sent", ""],
  delivered: ["●", "delivered", "good"],
  read: ["●", "read", "good"],
  undelivered: ["▲", "not delivered", "bad"],
  failed: ["▲", "failed", "bad"],
};

function webhookWords(message) {
  const last = message.answers.at(-1);
  if (!last) return ["○", "the hotline is being told", ""];
  const where = last.fallback ? "fallback " : "webhook ";
  const times = message.answers.length > 1 ? ", told " + message.answers.length + " times" : "";
  if (last.status === 0) return ["▲", where + "not reached" + times, "bad"];
  if (last.code !== 0) return ["▲", where + last.status + ", not accepted (" + last.code + ")" + times, "bad"];
  return ["●", where + last.status + (last.ms ? " in " + last.ms : " in under 1") + " ms" + times, "good"];
}

function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

// Phones

function linesFor(phone) {
  return state.lines.filter((line) => (line.whatsapp ? phone.whatsapp : phone.text));
}

function lineFor(phone) {
  const lines = linesFor(phone);
  const last = state.messages.findLast((m) => m.phone === phone.address);
  const wanted = lineOf.get(phone.address) || (last && last.line);
  return lines.find((line) => line.address === wanted) || lines[0] || null;
}

function phoneName(phone) {
  if (!phone.name && isBrowser(phone)) return "A counsellor's browser";
  return phone.name || phone.address || "No sender at all";
}

function showPhones() {
  const desks = state.phones.filter((phone) => phone.staff);
  listPhones($("phones"), state.phones.filter((phone) => !phone.staff && !isBrowser(phone)));
  listPhones($("desks"), desks);
  $("duty").hidden = desks.length === 0;
}

function isBrowser(phone) {
  return phone.address.startsWith("client:");
}

function listPhones(list, phones) {
  while (list.children.length > phones.length) list.lastChild.remove();
  phones.forEach((phone, i) => {
    let item = list.children[i];
    if (!item) {
      const button = el("button", "", el("strong"), el("span", "new"), el("small"));
      button.type = "button";
      item = el("li", "", button);
      button.addEventListener("click", () => choose(item.dataset.address));
      list.append(item);
    }
    item.dataset.address = phone.address;
    const button = item.firstChild;
    if (phone.address === chosen) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    const [name, fresh, small] = button.children;
    name.textContent = phoneName(phone);
    small.textContent = phoneNote(phone);
    const n = linesFor(phone).reduce((sum, line) => sum + unseen(phone, line), 0);
    fresh.textContent = callNote(phone) || (n > 0 ? n + " new" : "");
  });
}

function phoneNote(phone) {
  const fates = { off: "off", blocks: "blocks the hotline", nobody: "does not exist", silent: "no reports", fails: "fails" };
  const notes = [phone.address || "empty"];
  if (fates[phone.fate]) notes.push(fates[phone.fate]);
  if (phone.optedOut.length) notes.push("opted out");
  return notes.join(" · ");
}

function arrived(m) {
  return !m.out && (m.status === "delivered" || m.status === "read");
}

function arrivals(phone, line) {
  return state.messages.filter((m) => arrived(m) && m.phone === phone.address && m.line === line.address).length;
}

function seenKey(phone, line) {
  return phone.address + " " + line.address;
}

function unseen(phone, line) {
  return Math.max(0, arrivals(phone, line) - (seen.get(seenKey(phone, line)) || 0));
}

function choose(address) {
  drafts.set(chosen, $("draft").value);
  chosen = address;
  const phone = state.phones.find((p) => p.address === address);
  const line = phone && lineFor(phone);
  if (line) lineOf.set(address, line.address); // and there it stays, whatever comes in elsewhere
  $("draft").value = drafts.get(address) || "";
  document.body.dataset.pane = "talk";
  show();
  $("scroll").scrollTop = $("scroll").scrollHeight;
  if (matchMedia("(min-width: 761px)").matches) $("draft").focus();
  else $("who").scrollIntoView({ block: "nearest" });
}

// The conversation

function showHead(phone) {
  $("who").textContent = phone ? phoneName(phone) : "No phone chosen";
  $("address").textContent = phone && phone.name ? phone.address : "";
  const lines = phone ? linesFor(phone) : [];
  const line = phone ? lineFor(phone) : null;
  const to = $("to");
  const key = lines.map((l) => l.address).join();
  if (to.dataset.key !== key) {
    to.replaceChildren(...lines.map((l) => new Option("", l.address)));
    to.dataset.key = key;
  }
  lines.forEach((l, i) => {
    const n = unseen(phone, l);
    const label = lineLabel(l) + (n ? " (" + n + " new)" : "");
    if (to.options[i].text !== label) to.options[i].text = label;
  });
  if (line) to.value = line.address;
  to.disabled = lines.length === 0;
  $("fate").value = phone ? phone.fate : "delivers";
  $("fate").disabled = !phone;
  $("optout").checked = Boolean(phone && line && phone.optedOut.includes(line.address));
  $("optout").disabled = !line || line.whatsapp;
  for (const control of $("composer").elements) control.disabled = !line;
}

function showTalk(phone) {
  const line = phone ? lineFor(phone) : null;
  const all = line ? state.messages.filter((m) => m.phone === phone.address && m.line === line.address) : [];
  const scroll = $("scroll");
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
  const list = $("messages");
  const wanted = new Set(all.map((m) => m.sid));
  for (const [sid, row] of rows) {
    if (!wanted.has(sid)) {
      row.remove();
      rows.delete(sid);
    }
  }
  all.forEach((m, i) => {
    const row = rows.get(m.sid) || newRow(m);
    fillRow(row, m);
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] || null);
  });
  $("empty").hidden = all.length > 0;
  $("empty").textContent = emptyWords(phone, line);
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
}

function emptyWords(phone, line) {
  if (state.lines.length === 0) return "The hotline has no number yet. It appears here when the hotline is up.";
  if (!phone) return "Choose a phone. What it writes goes to the hotline, and what comes back shows here.";
  if (!line) return "This sender cannot write to any of the hotline's numbers.";
  if (phone.staff) return "This is a counsellor's phone: the hotline rings it when somebody calls.";
  const calls = phone.voice && state.lines.some((l) => l.voice);
  return "Nothing yet. Write below" + (calls ? ", or call the hotline" : "") + ": it is told at once, and what comes back shows here.";
}

function newRow(m) {
  const below = el("div", "below", el("span", ""), el("span", ""));
  if (m.out) {
    const again = el("button", "", "Tell it again");
    again.type = "button";
    again.title = "The same webhook once more, as a carrier does when it is unsure";
    again.addEventListener("click", () => act({ do: "again", sid: m.sid, times: 1 }));
    below.append(again);
  }
  const row = el("li", m.out ? "out" : "", el("div", "bubble"), below);
  row.firstChild.dir = "auto";
  rows.set(m.sid, row);
  return row;
}

function fillRow(row, m) {
  const key = JSON.stringify(m);
  if (row.dataset.key === key) return;
  row.dataset.key = key;
  const extras = m.media.map(mediaWord);
  if (m.place) extras.push("a place: " + m.place);
  if (m.button) extras.push("a button was pressed");
  const said = [];
  if (m.body) said.push(m.body);
  if (extras.length) said.push(el("em", "", (m.body ? "\n" : "") + extras.join(", ")));
  if (said.length === 0) said.push(el("em", "", "nothing written"));
  row.firstChild.replaceChildren(...said);
  const [when, how] = row.lastChild.children;
  const [shape, word, kind] = m.out ? webhookWords(m) : stateWords[m.status] || ["○", m.status, ""];
  when.textContent = (m.out ? "" : "Hotline, ") + clock(m.at);
  how.className = kind;
  how.textContent = shape + " " + word + (m.code ? " (" + m.code + ": " + m.reason.toLowerCase() + ")" : "");
}

function announce() {
  const there = state.messages.filter(arrived);
  if (announced) {
    for (const m of there) {
      if (!announced.has(m.sid) && m.phone === chosen) $("say").textContent = "The hotline wrote: " + m.body;
    }
  }
  announced = new Set(there.map((m) => m.sid));
}

// The rest

function showNetwork() {
  $("doubles").checked = state.doubles;
  $("shuffles").checked = state.shuffles;
  $("next").value = state.next[0] || "";
  $("odd-count").textContent = state.faults.length ? String(state.faults.length) : "";
  $("odd-none").hidden = state.faults.length > 0;
  $("odd").replaceChildren(...state.faults.map((f) => el("li", "", f)));
}

function show() {
  if (chosen === null && state.phones.length && matchMedia("(min-width: 761px)").matches) chosen = state.phones[0].address;
  const phone = state.phones.find((p) => p.address === chosen) || null;
  const inView = phone && (document.body.dataset.pane === "talk" || matchMedia("(min-width: 761px)").matches);
  const line = phone && lineFor(phone);
  if (inView && line) seen.set(seenKey(phone, line), arrivals(phone, line));
  showPhones();
  showHead(phone);
  showTalk(phone);
  showCalls(phone);
  showNetwork();
  announce();
}

async function send(extra) {
  const phone = state.phones.find((p) => p.address === chosen);
  const line = phone && lineFor(phone);
  if (!line) return;
  const sent = await act({ do: "text", phone: phone.address, to: line.address, body: $("draft").value, ...extra });
  $("scroll").scrollTop = $("scroll").scrollHeight;
  if (sent && extra.body === undefined) {
    $("draft").value = "";
    drafts.delete(chosen);
  }
  $("draft").focus();
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if ($("draft").value.trim() !== "") send({});
});
$("draft").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("composer").requestSubmit();
});
for (const button of document.querySelectorAll(".extras button")) {
  button.addEventListener("click", () => {
    const { with: what, times, body } = button.dataset;
    const extra = {};
    if (what) extra.with = what;
    if (what === "button") extra.body = "Yes";
    if (times) extra.times = Number(times);
    if (times && $("draft").value.trim() === "") extra.body = "Are you there?";
    if (body !== undefined) extra.body = body;
    send(extra);
  });
}
$("to").addEventListener("change", () => {
  lineOf.set(chosen, $("to").value);
  show();
  $("scroll").scrollTop = $("scroll").scrollHeight;
});
$("fate").addEventListener("change", () => act({ do: "fate", phone: chosen, value: $("fate").value }));
$("optout").addEventListener("change", () => act({ do: "optout", phone: chosen, to: $("to").value, on: $("optout").checked }));
$("doubles").addEventListener("change", () => act({ do: "doubles", on: $("doubles").checked }));
$("shuffles").addEventListener("change", () => act({ do: "shuffles", on: $("shuffles").checked }));
$("next").addEventListener("change", () => act({ do: "next", value: $("next").value }));
$("back").addEventListener("click", () => {
  document.body.dataset.pane = "phones";
  show();
  const current = document.querySelector(".phones [aria-current]");
  if (current) current.focus();
});
$("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const address = $("add-address").value.trim();
  if (!(await act({ do: "phone", phone: address, value: $("add-name").value }))) return;
  $("add").reset();
  $("adding").open = false;
  choose(address);
});

const events = new EventSource("events"); // its first answer comes after call.js was read
events.onmessage = (event) => {
  $("link").textContent = "Connected";
  $("link").classList.remove("cut");
  state = JSON.parse(event.data);
  show();
};
events.onerror = () => {
  $("link").textContent = "Cut off, trying again";
  $("link").classList.add("cut");
};
