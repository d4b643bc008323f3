// Asks before a page with unsaved typing is left: <form data-leave>.
"use strict";

for (const form of document.querySelectorAll("form[data-leave]")) {
  // A form that came back with errors holds typing that was never saved.
  let unsaved = form.querySelector(".is-invalid-field, .form-note") !== null;

  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}
