// Warns before a page with unsaved changes is left, and before the session ends. Nothing is stored.
const form = document.querySelector("#content-main form[id$=_form]");
let changed = Boolean(document.querySelector("[data-apercu]")); // typed already, and not saved

if (form) {
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => (changed = true));
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget !== "_blank") changed = false; // the other page only looks
  });
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

// Whoever writes keeps her session: a request every five minutes at most, and only after something was typed.
const warning = form?.querySelector("[data-duree]");
if (warning) {
  const pause = 5 * 60 * 1000;
  let heard = Date.now(); // when the server last heard of this page
  let timer;
  const wait = () => {
    warning.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(() => (warning.hidden = !changed), warning.dataset.duree * 1000 - pause);
  };
  wait();
  form.addEventListener("input", async () => {
    if (Date.now() - heard < pause) return;
    heard = Date.now();
    try {
      const answer = await fetch(warning.dataset.presence, { credentials: "same-origin", cache: "no-store" });
      if (answer.status === 204) wait();
    } catch {
      // The warning comes when it is due.
    }
  });
}
