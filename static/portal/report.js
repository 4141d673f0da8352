/* The phone's report: checked here, then put into the queue; a record that was refused opens again whole. */
(() => {
  "use strict";
  const form = document.getElementById("report");
  const queue = window.portalQueue, forms = window.portalForms;
  if (!form || !queue || !forms) { return; }
  const box = document.getElementById("queue");
  const words = form.dataset;
  const photos = form.querySelector("input[type=file]");
  const rules = photos ? photos.dataset : {};
  const OUT = new Set(["csrfmiddlewaretoken", "client_uuid", "copy"]);
  const LONGEST = 1600;
  let busy = false, editing = "";

  const shrink = async (file) => {
    if (!file.type.startsWith("image/")) { return file; }
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.8); });
      return new File([blob], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" });
    } catch (error) { return file; }
  };

  /* What is wrong, at its field, as the server would say it. */
  const clear = () => {
    form.querySelectorAll(".field.has-error").forEach((part) => part.classList.remove("has-error"));
    form.querySelectorAll("p.error").forEach((part) => part.remove());
  };
  const blame = (field, text) => {
    const place = field.closest(".field");
    if (!place) { return; }
    const line = place.querySelector("p.error") || document.createElement("p");
    line.className = "error";
    line.id = `${field.id}_error`;
    line.textContent = text;
    place.classList.add("has-error");
    field.setAttribute("aria-describedby", line.id);
    field.before(line);
  };
  const checkFields = () => {
    const wrong = [...form.elements].filter((field) => field.willValidate && field.type !== "file" && !field.validity.valid);
    wrong.forEach((field) => blame(field, field.validity.valueMissing ? words.missing : field.validationMessage));
    const description = form.querySelector("[name=description]");
    if (description && description.value && !description.value.trim()) { blame(description, words.missing); wrong.push(description); }
    form.querySelectorAll(".party-row").forEach((row) => {
      const part = (name) => row.querySelector(`[name$="-${name}"]`);
      const typed = ["phone", "address"].some((name) => part(name) && part(name).value.trim());
      if (typed && !part("name").value.trim()) { blame(part("name"), words.nameless); wrong.push(part("name")); }
    });
    return wrong;
  };
  const checkFile = (file) => {
    const suffix = (/\.[^.]*$/.exec(file.name) || [""])[0].toLowerCase();
    if (!rules.types.split(",").includes(suffix)) { return words.wrongType.replace("{name}", file.name); }
    return file.size > Number(rules.largest) ? words.tooLarge.replace("{name}", file.name) : "";
  };
  const chosen = async () => {
    const files = [];
    for (const file of photos ? photos.files : []) { if (file.size) { files.push([photos.name, await shrink(file)]); } }
    const faults = files.map(([_name, file]) => checkFile(file)).filter(Boolean);
    if (files.length > Number(rules.most)) { faults.push(words.tooMany); }
    if (faults.length) { blame(photos, faults.join(" ")); }
    return faults.length ? null : files;
  };

  const record = (files) => {
    const pairs = [...new FormData(form).entries()];
    const values = pairs.filter(([name, value]) => typeof value === "string" && !OUT.has(name));
    const title = String(form.querySelector("[name=description]").value).trim().slice(0, 24);
    const id = editing || `${Date.now()}-${Math.round(Math.random() * 1e9)}`;
    return { id, token: "", values, files, title, message: "", errors: [], refused: false };
  };
  const queueUp = async () => {
    clear();
    const wrong = checkFields(), files = await chosen();
    if (wrong.length || !files) { (wrong[0] || photos).focus(); return; }
    try { await queue.put(record(files)); } catch (error) {
      // No room in this browser: the form keeps everything and is sent as any other.
      form.dataset.direct = "1";
      form.requestSubmit();
      return;
    }
    editing = "";
    form.reset();
    form.dispatchEvent(new Event("portal:kept"));
    await queue.show();
    box.scrollIntoView();
    queue.sendAll();
  };
  form.addEventListener("submit", (event) => {
    if ("direct" in form.dataset) { delete form.dataset.direct; return; }
    event.preventDefault();
    if (event.submitter && event.submitter.name === "more_parties") {
      forms.grow(form, Number(form.querySelector("[name=parties-TOTAL_FORMS]").value) + 1);
      return;
    }
    if (busy) { return; }
    busy = true;
    queueUp().finally(() => { busy = false; });
  });

  /* A record that was refused: text, names and photos are there again, and what was wrong with them. */
  const reopen = async (id) => {
    const found = (await queue.all()).find((one) => one.id === id && one.refused);
    if (!found) { return; }
    editing = id;
    forms.fill(form, found.values);
    if (photos && found.files.length) {
      const held = new DataTransfer();
      found.files.forEach(([_name, file]) => held.items.add(file));
      photos.files = held.files;
    }
    clear();
    (found.errors || []).forEach(([_label, text, name]) => {
      const field = name && form.querySelector(`[name="${name}"]`);
      if (field) { blame(field, text); }
    });
    const first = form.querySelector(".has-error [name]") || form.querySelector("[name=description]");
    first.focus();
  };
  const address = new URL(location.href);
  const wanted = address.searchParams.get("record");
  if (wanted) {
    address.searchParams.delete("record");
    history.replaceState(null, "", address);
    reopen(wanted);
  }
})();
