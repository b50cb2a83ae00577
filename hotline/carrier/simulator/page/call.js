"use strict";
// Calls on the page: the phone in view, what it hears, its keys; and beside it every other phone that rings or talks.
// It stands on what page.js has: $, el, act, state, chosen, choose, phoneName.

const cards = new Map(); // address -> the card of another phone
const read = new Map(); // sid -> how much of what it heard was read aloud
const dismissed = new Set(); // sids of calls that are over and were put away
let current = null; // the leg in view
let dialled = false; // the next leg in view takes the focus
let pane = ""; // that was in view last

function openLeg(address) {
  return state.calls.findLast((leg) => leg.phone === address && !leg.over) || null;
}

function lastLeg(address) {
  return openLeg(address) || state.calls.findLast((leg) => leg.phone === address) || null;
}

function rings(leg) {
  return leg.state === "ringing" && !leg.out;
}

// Words

function nameOf(address) {
  const phone = state.phones.find((p) => p.address === address);
  return phone ? phoneName(phone) : address;
}

const endWords = {
  completed: "The call is over",
  busy: "Busy",
  "no-answer": "Nobody answered",
  canceled: "The call was given up",
  failed: "The call did not get through",
};

function otherName(leg) {
  return state.lines.some((line) => line.address === leg.other) ? "the hotline" : leg.other;
}

function legWords(leg) {
  if (leg.over) return endWords[leg.state] || leg.state;
  if (leg.lost) return "No network";
  if (rings(leg)) return "Rings: " + otherName(leg) + " calls";
  if (leg.state !== "in-progress") return leg.out ? "Calling " + otherName(leg) : "About to ring";
  if (leg.machine) return "Its voicemail listens";
  if (leg.held) return "On hold";
  if (leg.with.length) return "Talking with " + leg.with.map(nameOf).join(" and ");
  if (leg.queue) return "Waiting in the queue";
  if (leg.room) return "Alone in the conference";
  return leg.asked ? "Asked for a key" : "In a call";
}

function callNote(phone) {
  const leg = openLeg(phone.address);
  if (!leg) return "";
  return rings(leg) ? "rings" : "in a call";
}

function legTime(leg) {
  const seconds = leg.over ? leg.took : Math.max(0, Math.floor((Date.now() - new Date(leg.since)) / 1000));
  return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
}

const verbWords = { Beep: "a beep", Tone: "key tone", Voice: "the other side says", Carrier: "the phone company says" };

function heardWords(h) {
  if (h.verb === "Say") return h.text;
  if (h.verb === "Play") return "plays " + h.text.split("/").at(-1);
  return verbWords[h.verb] + (h.text ? ": " + h.text : "");
}

// The phone in view

function showCalls(phone) {
  const line = phone && lineFor(phone);
  $("dial").hidden = !phone || !phone.voice || !state.lines.some((l) => l.voice);
  $("dial").disabled = !phone || Boolean(openLeg(phone.address));
  $("rings").parentElement.hidden = !phone || !phone.voice || phone.address === "" || /^[a-z]+$/.test(phone.address);
  if (phone) $("rings").value = phone.rings;
  current = phone ? lastLeg(phone.address) : null;
  if (current && current.over && dismissed.has(current.sid)) current = null;
  document.body.dataset.call = current && !current.over ? "open" : "";
  $("call").hidden = !current;
  if (current) showLeg(current);
  if (dialled && current && !current.over) {
    $("heard").focus();
    dialled = false;
  }
  if (pane !== document.body.dataset.pane) $("heard").scrollTop = $("heard").scrollHeight;
  pane = document.body.dataset.pane;
  if (!line && phone && phone.voice) $("empty").textContent = "This phone only calls and is called.";
  showOthers();
  readAloud();
}

function showLeg(leg) {
  const panel = $("call");
  panel.classList.toggle("ringing", rings(leg));
  panel.classList.toggle("over", leg.over);
  if ($("call-state").textContent !== legWords(leg)) $("call-state").textContent = legWords(leg);
  $("call-time").textContent = rings(leg) ? "" : legTime(leg);
  $("call-answer").hidden = !rings(leg);
  $("call-end").textContent = leg.over ? "Put away" : rings(leg) ? "Decline" : "Hang up";
  $("hands").hidden = leg.over || rings(leg);
  $("pad").classList.toggle("asked", leg.asked);
  $("aloud").parentElement.hidden = leg.over || !window.speechSynthesis;
  const list = $("heard");
  const key = leg.sid + " " + leg.count;
  if (list.dataset.key === key) return;
  const first = !list.dataset.key || !list.dataset.key.startsWith(leg.sid);
  const had = first ? 0 : Number(list.dataset.key.split(" ")[1]);
  list.dataset.key = key;
  const fresh = leg.heard.slice(Math.max(0, leg.heard.length - (leg.count - had)));
  const items = fresh.map((h) => {
    const item = el("li", h.verb === "Say" || h.verb === "Voice" ? "" : "soft", heardWords(h));
    if (h.language) item.lang = h.language;
    item.dir = "auto";
    return item;
  });
  if (first) list.replaceChildren(...items);
  else list.append(...items);
  while (list.children.length > 40) list.firstChild.remove();
  list.scrollTop = list.scrollHeight;
}

function readAloud() {
  if (!current || !window.speechSynthesis) return;
  const from = read.has(current.sid) ? read.get(current.sid) : $("aloud").checked ? 0 : current.count;
  read.set(current.sid, current.count);
  if (!$("aloud").checked) return;
  if (current.over) speechSynthesis.cancel();
  for (const h of current.heard.slice(Math.max(0, current.heard.length - (current.count - from)))) {
    if (h.verb !== "Say" && h.verb !== "Voice" && h.verb !== "Carrier") continue;
    const speech = new SpeechSynthesisUtterance(h.text);
    if (h.language) speech.lang = h.language;
    speechSynthesis.speak(speech);
  }
}

// The other phones

const missedWords = {
  busy: "Busy, or declined",
  "no-answer": "Missed a call",
  canceled: "Stopped ringing",
  failed: "Could not be reached",
};

function quietWords(leg) {
  if (!leg) return "Quiet";
  return (missedWords[leg.state] || "Last call") + " at " + clock(leg.since);
}

function showOthers() {
  const beside = state.phones.filter((phone) => phone.address !== chosen && (phone.staff || openLeg(phone.address)));
  const wanted = new Set(beside.map((phone) => phone.address));
  for (const [address, card] of cards) {
    if (wanted.has(address)) continue;
    card.remove();
    cards.delete(address);
  }
  beside.forEach((phone, i) => {
    const card = cards.get(phone.address) || newCard(phone.address);
    fillCard(card, phone);
    const place = $("others").children[i + 1]; // after the heading
    if (place !== card) $("others").insertBefore(card, place || null);
  });
  $("others").hidden = beside.length === 0;
  $("others").classList.toggle("quiet", !beside.some((phone) => openLeg(phone.address)));
}

function fillCard(card, phone) {
  const open = openLeg(phone.address);
  const last = open ? open.heard.at(-1) : null;
  const talks = Boolean(open) && open.state === "in-progress";
  const ringing = Boolean(open) && rings(open);
  card.classList.toggle("ringing", ringing);
  card.classList.toggle("quiet", !open);
  card.classList.toggle("asked", talks && open.asked);
  const [name, words, heard, buttons, setting] = card.children;
  name.firstChild.textContent = phoneName(phone);
  const say = open ? legWords(open) : quietWords(lastLeg(phone.address));
  if (words.textContent !== say) words.textContent = say;
  words.className = open ? "" : "soft";
  heard.textContent = last ? heardWords(last) : "";
  heard.lang = (last && last.language) || "";
  const [answer, one, two, three, end] = buttons.children;
  buttons.hidden = !open;
  answer.hidden = !ringing || isBrowser(phone);
  one.hidden = two.hidden = three.hidden = !talks || open.with.length > 0 || open.machine;
  end.hidden = !ringing && !talks;
  end.textContent = ringing ? "Decline" : "Hang up";
  setting.hidden = Boolean(open) || isBrowser(phone);
  setting.lastChild.value = phone.rings;
}

function newCard(address) {
  const button = (words, className, what) => {
    const b = el("button", className, words);
    b.type = "button";
    b.addEventListener("click", what);
    return b;
  };
  const does = (what, value) => () => {
    const leg = openLeg(address);
    if (leg) act({ do: what, sid: leg.sid, value });
  };
  const key = (k) => {
    const b = button(k, "key", does("press", k));
    b.setAttribute("aria-label", "Press " + k);
    return b;
  };
  const say = el("p", "");
  say.setAttribute("role", "status");
  const setting = $("rings").cloneNode(true);
  setting.removeAttribute("id");
  setting.addEventListener("change", () => act({ do: "rings", phone: address, value: setting.value }));
  const card = el("section", "card",
    el("h3", "", button("", "name", () => choose(address))),
    say,
    el("p", "soft last", ""),
    el("div", "buttons", button("Answer", "main", does("answer")), key("1"), key("2"), key("3"), button("Hang up", "", does("hangup"))),
    el("label", "when", "When called, it ", setting));
  cards.set(address, card);
  return card;
}

// Hands

function press(key) {
  if (current && !current.over && !rings(current)) act({ do: "press", sid: current.sid, value: key });
}

for (const key of "123456789*0#") {
  const button = el("button", "", key);
  button.type = "button";
  button.addEventListener("click", () => press(key));
  $("pad").append(button);
}
document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (writing || event.ctrlKey || event.metaKey || event.altKey || !/^[0-9*#]$/.test(event.key)) return;
  press(event.key);
});
$("dial").addEventListener("click", async () => {
  const phone = state.phones.find((p) => p.address === chosen);
  const line = lineFor(phone);
  const number = line && state.lines.find((l) => l.voice && l.address === line.address.replace("whatsapp:", ""));
  const to = number || state.lines.find((l) => l.voice && !l.whatsapp);
  dialled = await act({ do: "call", phone: chosen, to: to.address });
});
$("call-answer").addEventListener("click", async () => {
  if (await act({ do: "answer", sid: current.sid })) $("heard").focus();
});
$("call-end").addEventListener("click", () => {
  if (!current.over) return act({ do: "hangup", sid: current.sid });
  dismissed.add(current.sid);
  show();
  $("dial").focus();
});
$("lose").addEventListener("click", () => act({ do: "lose", sid: current.sid }));
$("speak").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = $("words").value.trim();
  if (words && (await act({ do: "speak", sid: current.sid, body: words }))) $("words").value = "";
});
$("rings").addEventListener("change", () => act({ do: "rings", phone: chosen, value: $("rings").value }));
$("aloud").addEventListener("change", () => {
  if (!$("aloud").checked) return speechSynthesis.cancel();
  if (current && !current.over) read.set(current.sid, Math.max(0, current.count - 1)); // the last thing said, once more
  readAloud();
});
setInterval(() => {
  if (current && !current.over && !rings(current)) $("call-time").textContent = legTime(current);
}, 1000);
