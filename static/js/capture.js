// Notes with marks: <textarea data-notes>. Buttons below it insert a mark; those in the panel answer a question about a
// line. Without script the same buttons submit, and the server does it.
"use strict";

for (const notes of document.querySelectorAll("textarea[data-notes]")) {
  const form = notes.form;

  function changed(caret) {
    notes.focus();
    notes.setSelectionRange(caret, caret);
    notes.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A mark begins a line: the one the caret is in when that is empty, else a new one below it.
  function insert(mark) {
    const end = notes.value.indexOf("\n", notes.selectionEnd);
    const at = end < 0 ? notes.value.length : end;
    const line = notes.value.slice(notes.value.lastIndexOf("\n", at - 1) + 1, at);
    const words = (line.trim() ? "\n" : "") + mark;
    notes.setRangeText(words, at, at, "end");
    changed(at + words.length);
  }

  // The same line, or the nearest that reads like it: lines move while one types.
  function replace(number, was, now) {
    const lines = notes.value.split("\n");
    const wanted = was.split("\n");
    const places = lines.map((_, at) => at).filter((at) => wanted.every((line, more) => lines[at + more] === line));
    if (!places.length) return;
    const at = places.reduce((best, place) => (Math.abs(place + 1 - number) < Math.abs(best + 1 - number) ? place : best));
    const from = lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
    notes.setRangeText(now, from, from + was.length, "end");
    changed(from + now.length);
  }

  function addNeed(button) {
    const need = button.parentElement.querySelector("[data-need]");
    const line = button.parentElement.querySelector("[name=need_line]").value.replaceAll("\r\n", "\n");
    if (need.value.trim()) replace(0, line, `${line.trimEnd()} -- need: ${need.value.trim()}`);
    else need.focus();
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.insert) insert(button.dataset.insert);
    else if ("answer" in button.dataset) {
      const { line, was, now } = JSON.parse(button.value);
      replace(line, was, now);
    } else if ("needAdd" in button.dataset) addNeed(button);
    else return;
    event.preventDefault();
  });

  // What is typed beside a question is not yet said: it does not refresh the panel under the hand that types.
  form.addEventListener("input", (event) => { if ("need" in event.target.dataset) event.stopImmediatePropagation(); }, true);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !("need" in event.target.dataset) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    addNeed(event.target.parentElement.querySelector("[data-need-add]"));
  });
}
