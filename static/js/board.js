// The board: a card is dragged to a column, or taken with M and put down with Enter. Either presses the very button of the
// card's own menu; a way that needs words is a link there, and is followed. Without script the menu does it all.
"use strict";

for (const help of document.querySelectorAll("[data-board-help]")) {
  const says = document.querySelector("[data-board-says]");
  let lifted = null;

  const board = () => document.querySelector("[data-board]");
  const columns = () => [...board().querySelectorAll("[data-column]")];
  const wayTo = (card, column) => card.querySelector(`[data-to="${column.dataset.column}"]`);
  const open = (card) => columns().filter((column) => wayTo(card, column));

  function say(words) {
    says.textContent = words;
  }

  function lift(card) {
    lifted = { card, chosen: null };
    card.classList.add("is-lifted");
    for (const column of open(card)) column.classList.add("is-possible");
  }

  function choose(column) {
    lifted.chosen?.classList.remove("is-chosen");
    lifted.chosen = column;
    column?.classList.add("is-chosen");
  }

  function letGo() {
    if (!lifted) return;
    choose(null);
    lifted.card.classList.remove("is-lifted");
    for (const column of columns()) column.classList.remove("is-possible");
    lifted = null;
  }

  function drop() {
    const { card, chosen } = lifted;
    letGo();
    if (chosen) go(card, wayTo(card, chosen), chosen);
  }

  async function go(card, way, column) {
    if (way.matches("a")) {
      location.assign(way.href);
      return;
    }
    const home = card.parentElement, next = card.nextElementSibling;
    const list = column.querySelector("ul");
    (list ?? column).prepend(card);
    let page = null;
    try {
      const answer = await fetch(way.formAction, { method: "POST", body: new FormData(way.form) });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      home.insertBefore(card, next);
      say("The server did not answer. The card is back where it was.");
      tell("note note-error flash-note", says.textContent);
      return;
    }
    renew(page, card, home, next);
  }

  // The board as it stands now, with what the server says of the move; where it refused, the card is back.
  function renew(page, card, home, next) {
    const fresh = page.querySelector("[data-board]");
    const told = page.querySelector(".flash p, .flash-note p, .lede");
    const refused = !fresh || page.querySelector(".flash-note");
    if (fresh) {
      board().replaceWith(fresh);
      prepare();
    } else {
      home.insertBefore(card, next);
    }
    const words = told?.textContent ?? "The card is back where it was.";
    say(words);
    tell(refused ? "note note-error flash-note" : "flash", words);
    document.getElementById(card.id)?.querySelector("a").focus();
  }

  function tell(kind, words) {
    for (const old of document.querySelectorAll(".main-in > .flash, .main-in > .flash-note")) old.remove();
    const line = document.createElement("div");
    line.className = kind;
    line.innerHTML = "<p></p>";
    line.firstChild.textContent = words;
    document.querySelector(".main-in").prepend(line);
  }

  function byKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const card = event.target.closest("[data-card]");
    if (!lifted && card && event.key.toLowerCase() === "m") return take(event, card);
    if (!lifted) return;
    if (event.key === "Escape") return leave(event);
    if (event.key === "Enter") return put(event);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) move(event, step);
  }

  function take(event, card) {
    event.preventDefault();
    const ways = open(card).length;
    if (!ways) return say(`${card.dataset.title} cannot be moved by you from here.`);
    lift(card);
    say(`${card.dataset.title} is taken. ${ways === 1 ? "One column is" : `${ways} columns are`} open to it. Choose with the left and right arrow, Enter drops it, Escape leaves it.`);
  }

  // The next open column on that side; at the end it begins again.
  function move(event, step) {
    event.preventDefault();
    const all = columns(), ways = open(lifted.card);
    let place = all.indexOf(lifted.chosen ?? lifted.card.closest("[data-column]"));
    do place = (place + step + all.length) % all.length; while (!ways.includes(all[place]));
    choose(all[place]);
    all[place].scrollIntoView({ block: "nearest", inline: "nearest" });
    const asks = wayTo(lifted.card, all[place]).matches("a") ? " Something is asked first." : "";
    say(`${all[place].dataset.name}.${asks}`);
  }

  function put(event) {
    event.preventDefault();
    if (lifted.chosen) drop();
    else say("No column is chosen yet.");
  }

  function leave(event) {
    event.preventDefault();
    say(`${lifted.card.dataset.title} stays where it is.`);
    letGo();
  }

  function prepare() {
    for (const card of board().querySelectorAll("[data-card]")) card.draggable = open(card).length > 0;
  }

  document.addEventListener("keydown", byKey);
  document.addEventListener("focusout", () => setTimeout(() => {
    if (lifted && !lifted.card.contains(document.activeElement) && !lifted.dragged) letGo();
  }));
  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card?.draggable) return;
    letGo();
    lift(card);
    lifted.dragged = true;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.title);
  });
  document.addEventListener("dragover", (event) => {
    const column = event.target.closest?.("[data-column]");
    if (!lifted || !column || !wayTo(lifted.card, column)) return lifted && choose(null);
    event.preventDefault();
    if (lifted.chosen !== column) choose(column);
  });
  document.addEventListener("drop", (event) => {
    if (!lifted?.dragged || !lifted.chosen) return;
    event.preventDefault();
    drop();
  });
  document.addEventListener("dragend", letGo);
  document.addEventListener("click", (event) => {
    const way = event.target.closest("button[data-to]");
    if (!way) return;
    event.preventDefault();
    const column = columns().find((one) => one.dataset.column === way.dataset.to);
    go(way.closest("[data-card]"), way, column);
  });
  help.hidden = false;
  prepare();
}
