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
  const link = next && next.querySelector("a");
  if (link) {
    link.focus();
    next.scrollIntoView({ block: "nearest" });
  }
});
