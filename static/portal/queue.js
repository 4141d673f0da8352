/* The offline queue: what is reported without reception stays in this browser until it has a number.
   It runs on every page. Records belong to the person logged in; each gets a token of its own when it is first sent,
   so that sending twice, from two tabs or after a cut, writes once; it leaves only with its number. */
(() => {
  "use strict";
  const box = document.getElementById("queue");
  if (!box || !window.indexedDB) { return; }
  const words = box.dataset;
  const list = document.getElementById("queue-list");
  const CACHE = "portal-report-1", CACHED_FOR = "portal-cached-for", PATIENCE_MS = 120000;
  const REFUSALS = [409, 413, 422], AGAIN = ["form-already-sent", "form-expired"];
  // Nothing is wrong with the record: the portal cannot take it just now.
  const PASSING = ["pictures-busy", "matter-busy", "store-missing", "store-full", "csrf"];
  let sending = false, asked = false;

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
      const result = {};
      act(transaction.objectStore("records"), result);
      transaction.oncomplete = () => { db.close(); resolve(result.value); };
      transaction.onerror = transaction.onabort = () => { db.close(); reject(transaction.error); };
    });
  };
  const all = () => within("readonly", (store, result) => {
    store.getAll().onsuccess = (event) => { result.value = event.target.result; };
  });
  const put = (record) => within("readwrite", (store) => { store.put(record); });
  const remove = (id) => within("readwrite", (store) => { store.delete(id); });
  /* Change a record that is still there; another tab may have sent it meanwhile, then it stays away. */
  const change = (id, edit) => within("readwrite", (store, result) => {
    store.get(id).onsuccess = (event) => {
      const record = event.target.result;
      const changed = record && edit(record);
      if (changed) { store.put(changed); }
      result.value = changed || null;
    };
  });

  const link = (href, text) => Object.assign(document.createElement("a"), { href, textContent: text });
  const button = (text, act) => {
    const one = Object.assign(document.createElement("button"), { className: "btn small", type: "button", textContent: text });
    one.addEventListener("click", act);
    return one;
  };
  const why = (record) => {
    const lines = (record.errors || []).map(([label, text]) => Object.assign(
      document.createElement("li"), { textContent: label ? `${label}: ${text}` : text }
    ));
    const told = document.createElement("ul");
    told.append(...lines);
    return told;
  };
  const show = async () => {
    const records = await all();
    const done = [...list.querySelectorAll("li[data-done]")];
    list.replaceChildren(...records.map((record) => {
      const item = document.createElement("li"), state = document.createElement("span");
      state.className = "sub";
      state.textContent = record.message || words.waiting;
      item.append(Object.assign(document.createElement("strong"), { textContent: record.title }), state);
      if (record.refused) {
        item.dataset.refused = "1";
        const acts = Object.assign(document.createElement("p"), { className: "acts" });
        const again = Object.assign(link(`${words.reportUrl}?record=${encodeURIComponent(record.id)}`, words.again), { className: "btn small" });
        acts.append(again, button(words.delete, async () => {
          if (window.confirm(words.ask)) { await remove(record.id); show(); }
        }));
        item.append(why(record), acts);
      }
      return item;
    }), ...done);
    box.hidden = !("home" in words) && !records.length && !done.length;
  };
  const tellDone = (title, number, url) => {
    const item = document.createElement("li");
    item.dataset.done = "1";
    item.append(`${words.sent} ${title} `, link(url, number));
    list.append(item);
  };

  const patient = async (url, options) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    try { return await fetch(url, { credentials: "same-origin", signal: stop.signal, ...options }); } finally { clearTimeout(timer); }
  };
  /* Whose login this is, and tokens for records; null if it is not the login of whom the records belong to. */
  const held = async () => {
    const answer = await patient(words.tokenUrl, { headers: { Accept: "application/json" } });
    const told = answer.redirected || !answer.ok ? null : await answer.json();
    return told && String(told.user) === words.user ? told : null;
  };

  const bodyOf = (record) => {
    const body = new FormData();
    record.values.forEach(([name, value]) => body.append(name, value));
    record.files.forEach(([name, file]) => body.append(name, file, file.name));
    body.set("client_uuid", record.token);
    body.set("not_duplicate", "1");
    return body;
  };
  const sendOne = async (id, login) => {
    const record = await change(id, (one) => (one.refused ? null : { ...one, token: one.token || login.uuids.shift() }));
    if (!record || !record.token) { return; }
    const answer = await patient(words.reportUrl, {
      method: "POST", body: bodyOf(record), headers: { Accept: "application/json", "X-CSRFToken": login.csrf },
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 201 && told.number) {
      await remove(id);
      tellDone(record.title, told.number, told.url);
      return;
    }
    const isLogin = answer.redirected || answer.status === 401;
    const isRefusal = REFUSALS.includes(answer.status) || (answer.status === 403 && told.code);
    const isFinal = isRefusal && !PASSING.includes(told.code);
    await change(id, (one) => {
      if (one.token !== record.token) { return one; }
      // Somebody else logged in meanwhile: the token still is this record's, which may have been taken with it.
      if (told.user && String(told.user) !== words.user) { return { ...one, message: words.login }; }
      // The token was used for something else, or is of another time: this record has not been taken and gets a new one.
      if (AGAIN.includes(told.code)) {
        asked = !one.renewed;
        return { ...one, token: "", renewed: true, message: "" };
      }
      if (isLogin) { return { ...one, message: words.login }; }
      if (!isFinal) { return { ...one, message: words.trouble }; }
      const named = Object.entries(told.errors || {}).flatMap(
        ([name, texts]) => texts.map((text) => [(told.labels || {})[name] || "", text, name])
      );
      const errors = named.length ? named : [["", told.message || String(answer.status), ""]];
      return { ...one, refused: true, message: words.refused, errors };
    });
  };
  const sendWaiting = async (waiting) => {
    const login = await held();
    for (const record of waiting) {
      if (login) { await sendOne(record.id, login); } else { await change(record.id, (one) => ({ ...one, message: words.login })); }
    }
  };
  const sendAll = async () => {
    if (sending) { asked = true; return; }
    sending = true;
    try {
      const waiting = (await all()).filter((record) => !record.refused);
      if (waiting.length) { await sendWaiting(waiting); }
    } catch (error) {
      /* No network: everything stays where it is. */
    } finally {
      sending = false;
      await show().catch(() => {});
    }
    if (asked) { asked = false; sendAll(); }
  };
  window.portalQueue = { all, put, show, sendAll };

  /* The page that opens without a network is that of the person logged in, with everything it needs. */
  const prime = async () => {
    const parts = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.href || one.src);
    await Promise.all([words.reportUrl, ...parts].map((url) => fetch(url, { credentials: "same-origin" }).catch(() => {})));
  };
  const hasWorker = "serviceWorker" in navigator && window.isSecureContext;
  const makeReady = async () => {
    await navigator.serviceWorker.register(words.workerUrl);
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((resolve) => { navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }); });
    }
    if (localStorage.getItem(CACHED_FOR) !== words.user) {
      await caches.delete(CACHE);
      localStorage.setItem(CACHED_FOR, words.user);
      await prime();
    } else if ("home" in words && !(await (await caches.open(CACHE)).match(words.reportUrl))) { await prime(); }
    box.dataset.ready = "1";
  };
  document.addEventListener("submit", (event) => {
    if ("logout" in event.target.dataset) { localStorage.removeItem(CACHED_FOR); }
  });
  const how = document.getElementById("queue-how");
  if (how) { how.textContent = hasWorker ? words.alsoClosed : words.onlyOpen; }
  if (hasWorker && "reports" in words) { makeReady().catch(() => {}); }
  window.addEventListener("online", sendAll);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { sendAll(); } });
  setInterval(sendAll, 20000);
  sendAll();
})();
