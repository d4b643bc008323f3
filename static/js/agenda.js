// Drag a point by its mark to another place; the total follows the time boxes. The buttons do the same without script.
"use strict";

for (const list of document.querySelectorAll("[data-agenda]")) {
  const form = document.querySelector("#agenda");
  const total = document.querySelector("[data-agenda-time]");
  const length = Number(list.dataset.agendaLength);
  let dragged = null;

  function count() {
    const boxes = [...document.querySelectorAll("[data-agenda] input[name=minutes]")];
    const sum = boxes.reduce((minutes, box) => minutes + (Number.parseInt(box.value, 10) || 0), 0);
    total.textContent = sum > length ? `${sum} minutes, ${sum - length} more than there are` : `${sum} of ${length} minutes`;
  }

  function clear() {
    for (const point of list.children) point.classList.remove("is-over", "is-dragged");
  }

  for (const point of list.children) {
    const mark = point.querySelector(".point-mark");
    mark.addEventListener("pointerdown", () => { point.draggable = true; });
    mark.addEventListener("pointerup", () => { point.draggable = false; });
    point.addEventListener("dragstart", () => { dragged = point; point.classList.add("is-dragged"); });
    point.addEventListener("dragend", () => { point.draggable = false; dragged = null; clear(); });
    point.addEventListener("dragover", (event) => {
      if (!dragged || dragged === point) return;
      event.preventDefault();
      clear();
      point.classList.add("is-over");
    });
    point.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!dragged) return;
      const goesDown = dragged.compareDocumentPosition(point) & Node.DOCUMENT_POSITION_FOLLOWING;
      point[goesDown ? "after" : "before"](dragged);
      form.requestSubmit(document.querySelector("button[form=agenda][value=arrange]"));
    });
  }
  list.addEventListener("input", count);
}
