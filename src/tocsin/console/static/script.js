// Charts with mouse and keyboard: what a mark says is shown beside it. Every page works without this.
"use strict";

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");

function said(stop) {
  return stop.getAttribute("aria-label") ?? stop.querySelector("[aria-label]").getAttribute("aria-label");
}

function show(stop) {
  tip.textContent = said(stop);
  tip.hidden = false;
  const at = stop.getBoundingClientRect();
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
function walk(stops, event) {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const here = stops.indexOf(event.target);
  let next = here + (steps[event.key] ?? 0);
  if (event.key === "Home") next = 0;
  if (event.key === "End") next = stops.length - 1;
  if (event.key === "Escape") hide();
  next = Math.min(Math.max(next, 0), stops.length - 1);
  if (here < 0 || next === here) return;
  event.preventDefault();
  stops[here].setAttribute("tabindex", "-1");
  stops[next].setAttribute("tabindex", "0");
  stops[next].focus();
}

function bring(drawing) {
  const marks = [...drawing.querySelectorAll("[role=graphics-symbol][aria-label]")];
  const stops = marks.map((mark) => mark.closest("a") ?? mark);
  stops.forEach((stop, place) => stop.setAttribute("tabindex", place === 0 ? "0" : "-1"));
  drawing.addEventListener("mouseover", (event) => {
    const place = marks.indexOf(event.target);
    if (place < 0) hide();
    else show(stops[place]);
  });
  drawing.addEventListener("mouseleave", hide);
  drawing.addEventListener("focusin", (event) => stops.includes(event.target) && show(event.target));
  drawing.addEventListener("focusout", hide);
  drawing.addEventListener("keydown", (event) => walk(stops, event));
}

document.body.append(tip);
document.querySelectorAll("figure.chart svg").forEach(bring);
window.addEventListener("scroll", hide, { passive: true });

// A slider says where it stands, and shows its page when the pointer lets it go; for the keys there is its button.
function slide(slider) {
  let pulled = false;
  slider.addEventListener("pointerdown", () => (pulled = true));
  slider.addEventListener("keydown", () => (pulled = false));
  slider.addEventListener("input", () => (slider.form.querySelector("output").textContent = slider.value));
  slider.addEventListener("change", () => pulled && slider.form.requestSubmit());
}

document.querySelectorAll("input[data-submit]").forEach(slide);
