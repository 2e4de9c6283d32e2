// The calendar of a profile: without this file its boxes are filled one by one or by two dates.
// Arrows go from week to week, with Shift they mark several, and so does a pointer that is drawn
// over them; what is typed stands in all weeks that are marked. Its words stand in the page.
"use strict";

for (const strip of document.querySelectorAll("[data-weeks]")) {
  const boxes = [...strip.querySelectorAll("input[name=weeks]")];
  const week = (box) => box.closest(".week");
  const words = strip.dataset;
  let from = 0;
  let to = 0;
  let isDrawing = false;

  const marked = () => boxes.slice(Math.min(from, to), Math.max(from, to) + 1);
  const mark = (start, end) => {
    [from, to] = [start, end];
    const chosen = new Set(marked());
    for (const box of boxes) {
      week(box).classList.toggle("on", chosen.size > 1 && chosen.has(box));
      box.tabIndex = box === boxes[to] ? 0 : -1; // Tab leads on to the buttons, and back
    }
    told.textContent = chosen.size > 1 ? words.marked.replace("{number}", chosen.size) : "";
  };
  const draw = (box) => {
    const hours = box.value.trim();
    week(box).classList.toggle("away", hours === "0");
    week(box).classList.toggle("other", hours !== "" && hours !== "0");
  };
  const put = (hours) => {
    for (const box of marked()) {
      box.value = hours;
      draw(box);
    }
  };

  const tools = document.createElement("p");
  tools.className = "row near";
  const told = document.createElement("span");
  told.className = "small mute";
  told.setAttribute("role", "status");
  for (const [label, hours] of [[words.away, "0"], [words.usual, ""]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = label;
    button.addEventListener("click", () => {
      put(hours);
      boxes[to].focus();
    });
    tools.append(button);
  }
  tools.append(told);
  strip.querySelector(".strip").after(tools);
  strip.querySelector(`#${CSS.escape(strip.id)}_helptext`).append(` ${words.together}`);

  mark(0, 0);

  strip.addEventListener("focusin", (event) => {
    const place = boxes.indexOf(event.target);
    if (place < 0 || isDrawing) return;
    if (!marked().includes(event.target)) mark(place, place);
    event.target.select();
  });
  strip.addEventListener("input", (event) => {
    if (boxes.includes(event.target)) put(event.target.value);
  });
  strip.addEventListener("keydown", (event) => {
    const place = boxes.indexOf(event.target);
    const on = getComputedStyle(strip).direction === "rtl" ? -1 : 1;
    const step = { ArrowLeft: -on, ArrowRight: on, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (place < 0 || !step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.min(Math.max((event.shiftKey ? to : place) + step, 0), boxes.length - 1);
    mark(event.shiftKey ? from : next, next);
    boxes[next].focus();
  });
  const under = (event) => {
    const there = document.elementFromPoint(event.clientX, event.clientY);
    const found = there && there.closest(".week");
    return found ? boxes.indexOf(found.querySelector("input")) : -1;
  };
  strip.addEventListener("pointerdown", (event) => {
    const place = under(event);
    if (place < 0 || event.button) return;
    isDrawing = true;
    mark(event.shiftKey ? from : place, place);
  });
  strip.addEventListener("pointermove", (event) => {
    const place = isDrawing ? under(event) : -1;
    if (place >= 0 && place !== to) mark(from, place);
  });
  for (const end of ["pointerup", "pointercancel"])
    document.addEventListener(end, () => {
      if (isDrawing && from !== to) boxes[to].focus();
      isDrawing = false;
    });
}
