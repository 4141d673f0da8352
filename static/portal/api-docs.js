/* Shows the description of the interface; calls are tried with the session of whoever is logged in. */
"use strict";
window.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("api-docs");
  const token = () => (document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/) || [])[1] || "";
  window.SwaggerUIBundle({
    url: place.dataset.description,
    domNode: place,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    requestInterceptor: (request) => {
      request.headers["X-CSRFToken"] = token();
      return request;
    },
  });
});
