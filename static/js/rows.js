// "Add another": clones the empty row of a repeated group. Without script the same button submits, and the server adds one.
"use strict";

for (const group of document.querySelectorAll("[data-repeat]")) {
  const rows = group.querySelector("[data-repeat-rows]");
  const template = group.querySelector("template");
  const button = group.querySelector("[data-repeat-add]");

  // The next number: one above the highest in use, so that a row taken away leaves no clash.
  function nextIndex() {
    const used = [...rows.querySelectorAll("[name]")].map((control) => Number(/-(\d+)(-|$)/.exec(control.name)?.[1] ?? -1));
    return Math.max(-1, ...used) + 1;
  }

  button.addEventListener("click", (event) => {
    event.preventDefault();
    const index = nextIndex();
    const row = document.createElement("template");
    row.innerHTML = template.innerHTML.replaceAll("__index__", String(index));
    const added = [...row.content.children];
    rows.append(row.content);
    added[0]?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
}
