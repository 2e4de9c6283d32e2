// The site works without this file. It moves focus after a swap and adds a few keys.
"use strict";

const typing = (target) =>
  target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

// After htmx has swapped a part, focus goes to the element that the part marks, so that people who
// use a keyboard or a screen reader land where the news is.
document.addEventListener("htmx:afterSwap", (event) => {
  const heading = event.detail.target.querySelector("[data-focus]");
  if (heading) heading.focus();
});

document.addEventListener("DOMContentLoaded", () => {
  const summary = document.getElementById("errors");
  if (summary) summary.focus();
});

// Keys: "/" goes to the search; J and K move between cards; S presses the card's Save button. A page
// may name further keys on its controls with data-key.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.body.dataset.keys === "off") return;
  const key = event.key.toLowerCase();
  const marked = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (marked) {
    event.preventDefault();
    marked.focus();
    if (marked.matches("[type=radio], [type=checkbox], button")) marked.click();
    return;
  }
  if (key !== "j" && key !== "k" && key !== "s") return;
  const cards = [...document.querySelectorAll("[data-card]")];
  const here = cards.findIndex((card) => card.contains(document.activeElement));
  if (key === "s") {
    const save = here >= 0 && cards[here].querySelector("[data-save]");
    if (save) save.click();
    return;
  }
  const next = cards[Math.min(Math.max(here + (key === "j" ? 1 : -1), 0), cards.length - 1)];
  const link = next && (next.querySelector("h3 a") || next.querySelector("a"));
  if (link) {
    link.focus();
    next.scrollIntoView({ block: "nearest" });
  }
});

// What people write is kept in this browser while they type, so that a crash, an old tab or a
// session that ended loses nothing. It goes when the site says that it has taken it (the cookie
// "sent"), when they sign out, and after two weeks.
const KEPT = "written:";
const WEEKS = 14 * 24 * 3600 * 1000;
const WHO = () => document.body.dataset.who || "";

const kept = (key, value) => {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(key));
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Without storage the page works as it does without script.
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

// Counts as the server does: characters, not the units of UTF-16, and a line end once.
const count = (box) => {
  const most = Number(box.dataset.most);
  const told = document.getElementById(`${box.id}-most`);
  if (!most || !told) return;
  const length = [...box.value.trim()].length;
  const left = most - length;
  const number = (n) => n.toLocaleString(document.documentElement.lang);
  told.textContent =
    left < 0
      ? `${number(length)} of ${number(most)} characters: ${number(-left)} too many`
      : `${number(length)} of ${number(most)} characters`;
  told.classList.toggle("c-bad", left < 0);
  told.classList.toggle("mute", left >= 0);
};

const keep = (box) => {
  if (box.value === box.defaultValue || !box.value.trim()) kept(keyOf(box), null);
  else kept(keyOf(box), { text: box.value, at: Date.now() });
};

const bringBack = (box) => {
  const draft = kept(keyOf(box));
  if (!draft || box.value !== box.defaultValue || draft.text === box.value) return;
  if (box.getAttribute("aria-invalid") === "true") return;
  box.value = draft.text;
  const fold = box.closest("details");
  if (fold) fold.open = true;
  const told = document.createElement("p");
  told.className = "row near small";
  told.setAttribute("role", "status");
  told.append("What you wrote here and did not send is back. ");
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn quiet";
  drop.textContent = "Discard it";
  drop.addEventListener("click", () => {
    box.value = box.defaultValue;
    kept(keyOf(box), null);
    told.remove();
    count(box);
    box.focus();
  });
  told.append(drop);
  box.after(told);
};

const begin = () => {
  forget();
  for (const box of boxes(document)) {
    bringBack(box);
    count(box);
  }
};
document.addEventListener("DOMContentLoaded", begin);
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
