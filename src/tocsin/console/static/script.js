// Charts with mouse and keyboard: what a mark says is shown beside it. Every page works without this.
"use strict";

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");

function show(mark) {
  tip.textContent = mark.getAttribute("aria-label");
  tip.hidden = false;
  const at = mark.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const left = Math.min(Math.max(at.left + at.width / 2 - own.width / 2, 4), window.innerWidth - own.width - 4);
  const above = at.top - own.height - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 4 ? above : at.bottom + 8}px`;
}

function hide() {
  tip.hidden = true;
}

// One stop for the tab key; the arrows go from mark to mark, Home and End to the ends.
function walk(marks, event) {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const here = marks.indexOf(event.target);
  let next = here + (steps[event.key] ?? 0);
  if (event.key === "Home") next = 0;
  if (event.key === "End") next = marks.length - 1;
  if (event.key === "Escape") hide();
  if (next === here || here < 0) return;
  event.preventDefault();
  next = Math.min(Math.max(next, 0), marks.length - 1);
  marks[here].setAttribute("tabindex", "-1");
  marks[next].setAttribute("tabindex", "0");
  marks[next].focus();
}

function bring(figure) {
  const marks = [...figure.querySelectorAll("svg [aria-label]")].filter((mark) => mark.dataset.mark !== undefined || mark.getAttribute("role") === "graphics-symbol" && mark.getAttribute("aria-roledescription") !== "axis");
  marks.forEach((mark, place) => mark.setAttribute("tabindex", place === 0 ? "0" : "-1"));
  figure.addEventListener("mouseover", (event) => {
    const mark = event.target.closest("[aria-label]");
    if (mark && marks.includes(mark)) show(mark);
    else hide();
  });
  figure.addEventListener("mouseleave", hide);
  figure.addEventListener("focusin", (event) => marks.includes(event.target) && show(event.target));
  figure.addEventListener("focusout", hide);
  figure.addEventListener("keydown", (event) => walk(marks, event));
}

document.body.append(tip);
document.querySelectorAll("figure.chart").forEach(bring);
window.addEventListener("scroll", hide, { passive: true });
