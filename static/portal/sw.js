/* Opens the report page without a network. Nothing but that page and its parts is kept, for one person at a time. */
"use strict";
const CACHE = "portal-report-1";
const PAGE = "/report/quick/";
const isPart = (url) => url.pathname === PAGE || url.pathname.startsWith("/static/portal/");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.pathname.includes("/logout") || (event.request.method === "POST" && url.pathname.includes("/login"))) {
    event.waitUntil(caches.delete(CACHE));
    return;
  }
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !isPart(url)) { return; }
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    try {
      const answer = await fetch(event.request);
      // With a record to be opened again, the address names it; the page is the same.
      if (answer.ok && !answer.redirected) { await cache.put(url.origin + url.pathname, answer.clone()); }
      return answer;
    } catch (error) {
      const kept = await cache.match(url.origin + url.pathname);
      if (kept) { return kept; }
      throw error;
    }
  })());
});
