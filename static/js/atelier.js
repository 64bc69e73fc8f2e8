// Warns before a page with unsaved changes is left. Nothing is stored.
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
