// The site works without this file.
"use strict";

const say = (text) => JSON.parse(document.body.dataset.says || "{}")[text] || text;

const typing = (target) =>
  target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

document.getElementById("errors")?.focus();

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.onclick = async () => {
    await navigator.clipboard.writeText(button.dataset.copies);
    button.textContent = button.value;
  };
}

// J and K move between cards, S saves one, Escape closes; data-key names further keys.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const opened = event.target.closest("form:has([data-close]), .menu[open]");
    const close = opened?.querySelector("[data-close]");
    close?.focus();
    close?.click();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.body.dataset.keys === "off") return;
  const key = event.key.toLowerCase();
  const marked = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (marked) {
    event.preventDefault();
    marked.focus();
    if (marked.matches("[type=radio], [type=checkbox], button, summary, a")) marked.click();
    return;
  }
  if (!/^[jks]$/.test(key)) return;
  const cards = [...document.querySelectorAll("[data-card]")];
  const focused = document.activeElement?.closest("[data-card]");
  const here = cards.indexOf(focused ?? cards.find((card) => card.querySelector("[aria-current]")));
  if (key === "s") {
    cards[here]?.querySelector("[data-save]")?.click();
    return;
  }
  const next = cards[Math.min(Math.max(here + (key === "j" ? 1 : -1), 0), cards.length - 1)];
  (next?.querySelector("h3 a") || next?.querySelector("a"))?.focus();
  next?.scrollIntoView({ block: "nearest" });
});

// What people write stays in this browser until the site has taken it (the cookie "sent"), they
// sign out, or two weeks pass.
const KEPT = "written:";
const WEEKS = 14 * 24 * 3600 * 1000;
const WHO = () => document.body.dataset.who || "";

const kept = (key, value) => {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(key));
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The page works without storage.
  }
  return null;
};

const everyKept = () => {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(KEPT));
  } catch {
    return [];
  }
};

const boxes = (within) =>
  [...within.querySelectorAll("textarea[name]:not([readonly], [hidden], [data-unkept])")];
const keyOf = (box) => `${KEPT}${WHO()}:${document.body.dataset.page}:${box.id || box.name}`;

const forget = () => {
  const sent = document.cookie.match(/(?:^|; )sent=([0-9a-z]+)/);
  for (const key of everyKept()) {
    const draft = kept(key);
    if (!draft || Date.now() - draft.at > WEEKS || (sent && draft.sent === sent[1])) kept(key, null);
  }
  if (sent) document.cookie = "sent=; Max-Age=0; Path=/; SameSite=Lax";
};

// As the server counts: a line end is one character.
const count = (box) => {
  const most = Number(box.dataset.most);
  const told = document.getElementById(`${box.id}-most`);
  if (!most || !told) return;
  const length = [...box.value.trim()].length;
  const left = most - length;
  const number = (n) => n.toLocaleString(document.documentElement.lang);
  const words =
    left < 0 ? "{length} of {most} characters: {over} too many" : "{length} of {most} characters";
  const counts = { length, most, over: -left };
  told.textContent = say(words).replace(/{(.+?)}/g, (_, name) => number(counts[name]));
  told.classList.toggle("c-bad", left < 0);
  told.classList.toggle("mute", left >= 0);
};

// The site keeps it for people signed in: after a pause, and when they leave the page.
const DRAFTS = "/me/drafts/";
const PAUSE = 2000;
const waiting = new Map();
const csrf = (box) => box.form?.elements.namedItem("csrfmiddlewaretoken");

const stop = (box) => {
  clearTimeout(waiting.get(box));
  return waiting.delete(box);
};

const sendDraft = (box, text) => {
  stop(box);
  const token = csrf(box);
  if (!token) return;
  const form = new URL(box.form.getAttribute("action") || "", location).pathname;
  const { page } = document.body.dataset;
  const body = new URLSearchParams({
    csrfmiddlewaretoken: token.value, page, form, name: box.name, box: box.id || box.name, text,
    title: document.title,
  });
  fetch(`${DRAFTS}keep/`, { method: "POST", body, keepalive: text.length < 15000 }).catch(() => {});
};

const unsent = (box) => (box.value === box.defaultValue ? "" : box.value);

const keep = (box) => {
  if (!unsent(box).trim()) kept(keyOf(box), null);
  else kept(keyOf(box), { text: box.value, at: Date.now() });
  if (!WHO() || !csrf(box)) return;
  stop(box);
  waiting.set(box, setTimeout(() => sendDraft(box, unsent(box)), PAUSE));
};

window.addEventListener("pagehide", () => {
  for (const box of [...waiting.keys()]) sendDraft(box, unsent(box));
});

const note = (box, words, label, press) => {
  const told = document.createElement("p");
  told.className = "row near small";
  told.setAttribute("role", "status");
  told.append(`${words} `);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet";
  button.textContent = label;
  button.addEventListener("click", () => {
    press();
    told.remove();
    count(box);
    box.focus();
  });
  told.append(button);
  box.after(told);
};

// A late answer does not fill these.
const discarded = new WeakSet();

const fill = (box, text, words) => {
  box.value = text;
  box.closest("details")?.setAttribute("open", "");
  note(box, words, say("Discard it"), () => {
    discarded.add(box);
    box.value = box.defaultValue;
    kept(keyOf(box), null);
    if (WHO()) sendDraft(box, "");
  });
};

const isUntouched = (box) =>
  box.value === box.defaultValue && box.getAttribute("aria-invalid") !== "true";

const bringBack = (box) => {
  const draft = kept(keyOf(box));
  if (!draft || !isUntouched(box) || draft.text.trim() === box.value.trim()) return;
  fill(box, draft.text, say("What you wrote here and did not send is back."));
};

// What another device wrote fills its box or is offered.
const bringOver = async () => {
  const here = boxes(document).filter(csrf);
  if (!WHO() || !here.length) return;
  const address = `${DRAFTS}here/?page=${encodeURIComponent(document.body.dataset.page)}`;
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  for (const draft of (await answer.json()).drafts) {
    const box = here.find((each) => (each.id || each.name) === draft.box);
    if (!box || discarded.has(box) || box.value.trim() === draft.text) continue;
    if (kept(keyOf(box))?.at >= draft.at - PAUSE) continue; // written here later
    if (isUntouched(box)) fill(box, draft.text, say("What you wrote on another device is here."));
    else
      note(box, say("You wrote something else here on another device."), say("Use that"), () => {
        box.value = draft.text;
        keep(box);
      });
    count(box);
  }
};

const begin = () => {
  forget();
  for (const box of boxes(document)) {
    bringBack(box);
    count(box);
  }
  bringOver();
};
begin();
window.addEventListener("pageshow", (event) => {
  if (event.persisted) begin();
});
document.addEventListener("input", (event) => {
  if (!event.target.matches("textarea")) return;
  count(event.target);
  if (boxes(document).includes(event.target)) keep(event.target);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if ((form.getAttribute("action") || "").endsWith("/accounts/logout/")) {
    for (const key of everyKept()) if (key.startsWith(`${KEPT}${WHO()}:`)) kept(key, null);
    return;
  }
  for (const box of boxes(form)) if (stop(box) && !box.value) sendDraft(box, "");
  const written = boxes(form).filter((box) => box.value.trim());
  if (!written.length || form.getAttribute("method") !== "post") return;
  const mark = crypto.getRandomValues(new Uint32Array(3)).join("").slice(0, 30);
  let draft = form.querySelector("input[name=draft]");
  if (!draft) {
    draft = document.createElement("input");
    draft.type = "hidden";
    draft.name = "draft";
    form.append(draft);
  }
  draft.value = mark;
  for (const box of written) kept(keyOf(box), { text: box.value, at: Date.now(), sent: mark });
});

// A zone that was chosen goes before the browser's.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split("; ").includes(`time_zone=${zone}`)) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `time_zone=${zone}; Max-Age=31536000; Path=/; SameSite=Lax${secure}`;
}
