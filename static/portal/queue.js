/* The offline queue: what is reported without reception stays in this browser until it has a number.
   Records belong to the person logged in; each carries its own signed id, so that sending twice writes once. */
(() => {
  "use strict";
  const box = document.getElementById("queue");
  const form = document.getElementById("report");
  if (!box || !form || !window.indexedDB) { return; }
  const words = box.dataset;
  const list = document.getElementById("queue-list");
  const TOKENS = `portal-tokens-${words.user}`;
  const LONGEST = 1600;
  let sending = false;

  const open = () => new Promise((resolve, reject) => {
    const request = indexedDB.open(`portal-queue-${words.user}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("records", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const within = async (mode, act) => {
    const db = await open();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction("records", mode);
      const request = act(transaction.objectStore("records"));
      transaction.oncomplete = () => { db.close(); resolve(request.result); };
      transaction.onerror = () => { db.close(); reject(transaction.error); };
    });
  };
  const all = () => within("readonly", (store) => store.getAll());
  const put = (record) => within("readwrite", (store) => store.put(record));
  const remove = (id) => within("readwrite", (store) => store.delete(id));

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

  const stock = () => JSON.parse(localStorage.getItem(TOKENS) || "[]");
  const keepStock = (tokens) => localStorage.setItem(TOKENS, JSON.stringify(tokens.slice(0, 30)));
  const nextToken = (first) => {
    const tokens = stock();
    const token = first || tokens.shift();
    keepStock(tokens);
    return token;
  };
  const refill = async () => {
    const answer = await fetch(words.tokenUrl, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (answer.redirected || !answer.ok) { return null; }
    const held = await answer.json();
    if (String(held.user) !== words.user) { return null; }
    if (stock().length < 10) { keepStock([...stock(), ...held.uuids]); }
    return held.csrf;
  };

  const show = async () => {
    const records = await all();
    list.replaceChildren(...records.map((record) => {
      const item = document.createElement("li");
      const what = document.createElement("strong");
      what.textContent = record.title;
      const state = document.createElement("span");
      state.className = "sub";
      state.textContent = record.message || words.waiting;
      item.append(what, state);
      if (record.refused) {
        const button = document.createElement("button");
        button.className = "btn small";
        button.type = "button";
        button.textContent = words.delete;
        button.addEventListener("click", async () => {
          if (window.confirm(words.ask)) { await remove(record.id); show(); }
        });
        item.append(button);
      }
      return item;
    }), ...Array.from(list.querySelectorAll("li[data-done]")));
    box.hidden = false;
  };
  const done = (title, number, url) => {
    const item = document.createElement("li");
    item.dataset.done = "1";
    const link = document.createElement("a");
    link.href = url;
    link.textContent = number;
    item.append(`${words.sent} ${title} `, link);
    list.append(item);
  };

  const sendOne = async (record, csrf) => {
    const body = new FormData();
    record.values.forEach(([name, value]) => body.append(name, value));
    record.files.forEach(([name, file]) => body.append(name, file, file.name));
    body.set("client_uuid", record.token);
    body.set("not_duplicate", "1");
    const answer = await fetch(form.action || location.pathname, {
      method: "POST", body, credentials: "same-origin",
      headers: { Accept: "application/json", "X-CSRFToken": csrf },
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 201 && told.number) {
      await remove(record.id);
      done(record.title, told.number, told.url);
      return;
    }
    const errors = told.errors ? Object.values(told.errors).flat().join(" ") : "";
    const refused = [409, 413, 422].includes(answer.status);
    const message = answer.status === 401 ? words.login : `${words.refused} ${told.message || answer.status} ${errors}`;
    await put({ ...record, message: refused || answer.status === 401 ? message : "", refused });
  };
  const sendAll = async () => {
    if (sending) { return; }
    sending = true;
    try {
      const csrf = await refill();
      const records = (await all()).filter((record) => !record.refused);
      for (const record of records) {
        if (csrf) { await sendOne(record, csrf); } else { await put({ ...record, message: words.login }); }
      }
    } catch (error) {
      /* No network: everything stays where it is. */
    } finally {
      sending = false;
      show();
    }
  };

  form.addEventListener("submit", async (event) => {
    if (event.submitter && event.submitter.name === "more_parties") { return; }
    event.preventDefault();
    delete form.dataset.sent;
    if (!form.querySelector("[name=description]").value.trim()) { form.querySelector("[name=description]").focus(); return; }
    const data = new FormData(form);
    const values = [];
    const files = [];
    for (const [name, value] of data.entries()) {
      if (value instanceof File) {
        if (value.size) { files.push([name, await shrink(value)]); }
      } else if (!["csrfmiddlewaretoken", "client_uuid"].includes(name)) { values.push([name, value]); }
    }
    const field = form.querySelector("[name=client_uuid]");
    const token = nextToken(field.value);
    field.value = "";
    if (!token) { return; }
    await put({
      id: `${Date.now()}-${Math.round(Math.random() * 1e9)}`, token, values, files,
      title: String(data.get("description")).slice(0, 24), message: "", refused: false,
    });
    form.reset();
    field.value = nextToken("") || "";
    setTimeout(() => form.querySelectorAll("button").forEach((b) => { b.disabled = false; }), 50);
    await show();
    box.scrollIntoView();
    sendAll();
  });

  const hasWorker = "serviceWorker" in navigator && window.isSecureContext;
  document.getElementById("queue-how").textContent = hasWorker ? words.alsoClosed : words.onlyOpen;
  if (hasWorker) { navigator.serviceWorker.register(words.workerUrl).catch(() => {}); }
  window.addEventListener("online", sendAll);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { sendAll(); } });
  setInterval(async () => { if ((await all()).some((record) => !record.refused)) { sendAll(); } }, 20000);
  sendAll();
})();
