// "Tick all": ticks every row of the page, or none when all are. Without script one ticks them one by one.
"use strict";

for (const form of document.querySelectorAll("[data-together]")) {
  const all = form.querySelector("[data-together-all]");
  const boxes = () => [...form.elements].filter((control) => control.name === "id" || control.name === "ids");

  function show() {
    all.textContent = boxes().every((box) => box.checked) ? "Tick none" : "Tick all";
  }

  all.hidden = boxes().length < 2;
  all.addEventListener("click", () => {
    const wanted = !boxes().every((box) => box.checked);
    for (const box of boxes()) box.checked = wanted;
    show();
  });
  for (const box of boxes()) box.addEventListener("change", show);
  show();
}
