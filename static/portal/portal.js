/* Conveniences: a form is sent once, drafts are kept while typing, the error summary gets the focus. */
(() => {
  "use strict";
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    // A date typed only in part would be sent as if nothing had been typed.
    const half = [...form.elements].find((field) => field.validity && field.validity.badInput);
    if (half) { event.preventDefault(); half.reportValidity(); return; }
    if (form.method === "post" && !("download" in form.dataset)) {
      form.dataset.sent = "1";
      setTimeout(() => form.querySelectorAll("button").forEach((b) => { b.disabled = true; }), 0);
    }
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach((b) => { b.disabled = false; });
    });
  });
  const summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    let timer = null;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const body = new FormData();
        new FormData(form).forEach((value, name) => { if (typeof value === "string") { body.append(name, value); } });
        body.append("form", form.dataset.draft);
        const asked = { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } };
        fetch(form.dataset.draftUrl, asked).then((answer) => answer.ok && answer.json()).then((told) => {
          if (told && told.kept) { form.dispatchEvent(new Event("portal:drafted")); }
        }).catch(() => {});
      }, 1500);
    });
  });
})();
