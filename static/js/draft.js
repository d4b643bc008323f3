// Keeps what is typed on the server while it is typed: <form data-draft="address">. What it did, it says quietly.
"use strict";

for (const form of document.querySelectorAll("form[data-draft]")) {
  const PAUSE = 1500;
  const FIRST_RETRY = 5000;
  const LAST_RETRY = 60_000;
  const KEEPALIVE = 60_000; // browsers send no more than 64 KB after a page is gone
  const clash = form.querySelector("[data-draft-clash]");
  // A form that came back with errors holds typing the server may not have.
  let unsaved = form.querySelector(".is-invalid-field, .form-note") !== null;
  let leaving = false; // it is being sent: that keeps it
  let stopped = false; // somebody has to choose first
  let sending = false;
  let failing = false;
  let wait = PAUSE;
  let timer = 0;

  function say(words) {
    form.querySelector("[data-draft-state]").textContent = words;
  }

  function soon(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  function body() {
    return new URLSearchParams(new FormData(form));
  }

  async function send() {
    if (!unsaved || stopped || sending || leaving) return;
    sending = true;
    unsaved = false;
    const sent = body();
    try {
      const keepalive = sent.toString().length < KEEPALIVE;
      await answered(await fetch(form.dataset.draft, { method: "POST", body: sent, keepalive }));
    } catch {
      failed("Not saved on our side yet. We try again.");
    }
    sending = false;
    if (unsaved && !stopped) soon(wait);
  }

  function failed(words) {
    wait = failing ? Math.min(wait * 2, LAST_RETRY) : FIRST_RETRY;
    unsaved = failing = true;
    say(words);
  }

  async function answered(answer) {
    if (answer.ok) {
      const { words, saved_at } = await answer.json();
      form.elements.draft_at.value = saved_at;
      failing = false;
      wait = PAUSE;
      say(words);
    } else if (answer.status === 409) {
      ask(await answer.json());
    } else if (answer.status === 401 || answer.status === 400) {
      failed("Signed out – sign in in another tab, or save: nothing is lost.");
      await renew();
    } else {
      failed("Not saved on our side yet. We try again.");
    }
  }

  // After signing in again in another tab the page needs that session's token. Only for the same person.
  async function renew() {
    const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!page.ok || page.redirected) return;
    const there = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form[data-draft]");
    if (there?.dataset.draftPerson === form.dataset.draftPerson) {
      form.elements.csrf_token.value = there.elements.csrf_token.value;
      wait = PAUSE;
    }
  }

  // Another tab or device was here: never overwritten without a word.
  function ask({ words, saved_at }) {
    unsaved = stopped = true;
    say("This draft is not being saved.");
    clash.querySelector("[data-draft-clash-words]").textContent = words;
    clash.querySelector("[data-draft-mine]").hidden = !saved_at;
    clash.hidden = false;
    clash.querySelector("[data-draft-mine]").onclick = () => {
      form.elements.draft_at.value = saved_at;
      stopped = false;
      clash.hidden = true;
      send();
    };
  }

  form.addEventListener("input", () => { unsaved = true; soon(PAUSE); });
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("online", send);
  window.addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", send);
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving && (failing || stopped || body().toString().length > KEEPALIVE)) event.preventDefault();
  });
  if (unsaved) send();
}
