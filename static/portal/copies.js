/* Copies of forms: what is typed stays in this browser until the server has it, whatever ends the login or the page.
   They belong to the person logged in and are wiped when the server has them, on log-out, and when somebody else logs in. */
(() => {
  "use strict";
  const words = document.getElementById("copy-words");
  const user = document.body.dataset.user;
  const PREFIX = "portal-copy:", WHO = "portal-copies-of", KEPT_MS = 14 * 24 * 3600 * 1000;
  const SKIPPED = new Set(["csrfmiddlewaretoken", "copy"]);
  // Hidden fields that belong to what was typed: the form's own token, and what stood in it when it was opened.
  const TYPED_HIDDEN = new Set(["client_uuid", "opened"]);
  const LINES = "textarea, input:not([type]), " +
    ["text", "tel", "number", "email", "url", "date", "datetime-local"].map((type) => `input[type=${type}]`).join(", ");

  const each = (act) => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach(act);
  const wipe = () => { each((key) => localStorage.removeItem(key)); localStorage.removeItem(WHO); };
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; } };
  const typed = (form) => [...new FormData(form).entries()].filter(
    ([name, value]) => typeof value === "string" && !SKIPPED.has(name)
  );

  /* Rows of parties beyond those of the page, as the server would have made them. */
  const grow = (form, count) => {
    const total = form.querySelector("[name=parties-TOTAL_FORMS]");
    if (!total) { return; }
    for (let place = Number(total.value); place < Math.min(count, 40); place += 1) {
      const last = [...form.querySelectorAll(".party-row")].pop();
      const row = last.cloneNode(true);
      row.querySelectorAll("[name], [id], [for]").forEach((part) => {
        ["name", "id", "for"].forEach((mark) => {
          const old = part.getAttribute(mark);
          if (old) { part.setAttribute(mark, old.replace(`parties-${place - 1}-`, `parties-${place}-`)); }
        });
        if (part.tagName === "SELECT") { part.selectedIndex = 0; } else if ("value" in part && part.type !== "checkbox") { part.value = ""; }
        if (part.type === "checkbox") { part.checked = false; }
      });
      row.querySelectorAll(".error").forEach((part) => part.remove());
      const legend = row.querySelector("legend");
      legend.textContent = legend.textContent.replace(String(place), String(place + 1));
      last.after(row);
      total.value = String(place + 1);
    }
  };

  /* Put pairs (name, value) back into a form. */
  const fill = (form, pairs) => {
    const held = new Map();
    pairs.forEach(([name, value]) => held.set(name, [...(held.get(name) || []), value]));
    grow(form, Number((held.get("parties-TOTAL_FORMS") || ["0"])[0]));
    [...form.elements].forEach((field) => {
      const values = held.get(field.name);
      if (!field.name || SKIPPED.has(field.name) || ["file", "submit", "button"].includes(field.type)) { return; }
      if (field.type === "hidden" && !TYPED_HIDDEN.has(field.name)) { return; }
      if (["checkbox", "radio"].includes(field.type)) {
        field.checked = (values || []).includes(field.value);
      } else if (field.multiple) {
        [...field.options].forEach((option) => { option.selected = (values || []).includes(option.value); });
      } else if (values) { field.value = values[0]; }
    });
  };
  window.portalForms = { fill, grow };

  let left = false;
  document.addEventListener("submit", (event) => { if ("logout" in event.target.dataset) { left = true; wipe(); } });
  if (!words || !user) { return; }
  try {
    if (localStorage.getItem(WHO) !== user) { wipe(); localStorage.setItem(WHO, user); }
  } catch (error) { return; }
  const taken = document.cookie.split("; ").map((one) => (/^portal-taken-([\w-]+)=/.exec(one) || [])[1]).filter(Boolean);
  taken.forEach((id) => { document.cookie = `portal-taken-${id}=; path=/; max-age=0; samesite=lax`; });
  each((key) => {
    const copy = read(key);
    if (!copy || taken.includes(copy.id) || Date.now() - copy.at > KEPT_MS) { localStorage.removeItem(key); }
  });

  const address = new URL(location.href);
  const isRecord = address.searchParams.has("record");
  address.searchParams.delete("record");
  const notice = (form) => {
    const line = document.createElement("p"), discard = document.createElement("button");
    line.className = "notice";
    line.dataset.copyRestored = "1";
    line.append(words.dataset.back, " ");
    if (form.querySelector("input[type=file]")) { line.append(words.dataset.files, " "); }
    discard.className = "link";
    discard.type = "button";
    discard.textContent = words.dataset.discard;
    discard.addEventListener("click", async () => {
      form.dispatchEvent(new Event("portal:kept"));
      if (form.dataset.draftUrl) {
        const body = new FormData();
        body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
        body.append("form", form.dataset.draft);
        body.append("discard", "1");
        await fetch(form.dataset.draftUrl, { method: "POST", body, credentials: "same-origin" }).catch(() => {});
      }
      location.reload();
    });
    line.append(discard);
    form.before(line);
  };

  const keep = (form, place) => {
    const key = `${PREFIX}${user}:${address.pathname}${address.search}#${place}`;
    let timer = null, id = "";
    const mark = (known) => {
      if (id) { return; }
      id = known || `${Date.now()}-${Math.round(Math.random() * 1e9)}`;
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "copy", value: id });
      form.append(field);
    };
    const save = (drafted) => {
      clearTimeout(timer);
      timer = null;
      if (left) { return; }
      mark();
      try {
        localStorage.setItem(key, JSON.stringify({ id, at: Date.now(), drafted, names: typed(form) }));
      } catch (error) { /* No room: the form itself still holds everything. */ }
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(save, 250); };
    const flush = () => { if (timer) { save(); } };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", flush);
    window.addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", flush);
    form.addEventListener("portal:drafted", () => { if (id && !timer) { save(true); } });
    form.addEventListener("portal:kept", () => { clearTimeout(timer); timer = null; localStorage.removeItem(key); });
    const copy = read(key);
    if (!copy) { return; }
    if ("posted" in document.body.dataset) { mark(copy.id); save(); return; }
    if (isRecord || (copy.drafted && document.querySelector("[data-draft-restored]"))) { mark(copy.id); return; }
    const before = JSON.stringify(typed(form));
    fill(form, copy.names);
    mark(copy.id);
    if (JSON.stringify(typed(form)) !== before) { notice(form); }
  };
  const isKept = (form) => form.method === "post" && !("logout" in form.dataset) && !("uncopied" in form.dataset) &&
    !form.querySelector("input[type=password]") &&
    (form.querySelector("textarea") || form.querySelectorAll(LINES).length > 1);
  [...document.forms].filter(isKept).forEach(keep);
})();
