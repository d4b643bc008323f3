// Ctrl+Enter (on a Mac also Command+Enter) sends the form one is typing in: <form data-submit-keys>.
"use strict";

for (const form of document.querySelectorAll("form[data-submit-keys]")) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[type=submit].btn-primary"));
  });
}
