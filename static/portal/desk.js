/* Conveniences of the desk: tick all on a page, how many are ticked, a page that shows how a run stands. */
(() => {
  "use strict";
  document.querySelectorAll("form[data-ticks]").forEach((form) => {
    const boxes = [...form.querySelectorAll("input[name=m]")];
    const all = form.querySelector("[data-tick-all]"), words = form.querySelector("[data-ticked]");
    const whole = form.querySelector("input[name=all]");
    const box = all.querySelector("input");
    all.hidden = false;
    form.querySelectorAll("[data-no-script]").forEach((link) => { link.hidden = true; });
    const show = () => {
      const count = boxes.filter((one) => one.checked).length;
      box.checked = count === boxes.length;
      box.indeterminate = count > 0 && count < boxes.length;
      words.textContent = count && !(whole && whole.checked) ? words.dataset.words.replace("{count}", count) : "";
    };
    box.addEventListener("change", () => { boxes.forEach((one) => { one.checked = box.checked; }); show(); });
    form.addEventListener("change", show);
    window.addEventListener("pageshow", show);
    show();
  });
  const running = document.querySelector("[data-reload]");
  if (running) { setTimeout(() => { location.reload(); }, Number(running.dataset.reload) * 1000); }
})();
