// In a month the arrow keys go from day to day, and Tab enters it once; Page Up and Page Down turn the page. Without script
// every day is a link in turn.
"use strict";

for (const month of document.querySelectorAll("[data-calendar]")) {
  const days = [...month.querySelectorAll("[data-day]")];
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  function enterAt(day) {
    for (const other of days) other.tabIndex = other === day ? 0 : -1;
  }

  function goTo(day) {
    if (!day) return;
    enterAt(day);
    day.focus();
  }

  function turn(way) {
    month.parentElement.parentElement.querySelector(`[rel="${way}"]`)?.click();
  }

  enterAt(days.find((day) => day.hasAttribute("aria-current")) ?? days[0]);
  month.addEventListener("keydown", (event) => {
    const here = days.indexOf(event.target);
    if (here < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const begin = here - (here % 7);
    if (event.key in steps) goTo(days[here + steps[event.key]]);
    else if (event.key === "Home") goTo(days[begin]);
    else if (event.key === "End") goTo(days[begin + 6]);
    else if (event.key === "PageUp") turn("prev");
    else if (event.key === "PageDown") turn("next");
    else return;
    event.preventDefault();
  });
}
