// « Précédent » and « recharger » find the answers again: each page of the questionnaire leaves what it carries and what
// is typed in it with its place in the history of this tab. Nothing is written anywhere else, and it goes with the tab.
const own = () => document.querySelector("form.guide");
const stepOf = (form) => form?.elements.etape?.value;
const fieldsOf = (form) =>
  [...form.elements].filter((field) => field.name && field.name !== "site" && !["hidden", "submit"].includes(field.type));
const boxed = (field) => ["checkbox", "radio"].includes(field.type);

const keep = () => {
  const form = own();
  const valeurs = fieldsOf(form).map((field) => (boxed(field) ? field.checked : field.value));
  const reponses = { etape: stepOf(form), suivi: form.elements.suivi.value, valeurs };
  history.replaceState({ ...history.state, reponses }, "");
};

// The page that was here, asked for again with what it carried.
const comeBack = async (kept) => {
  const body = new URLSearchParams({ suivi: kept.suivi, etape: kept.etape, revenir: "1" });
  const answer = await fetch(own().action, { method: "POST", body, credentials: "same-origin", cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !page.querySelector("form.guide")) return;
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
};

const kept = history.state?.reponses;
if (kept && kept.etape !== stepOf(own())) await comeBack(kept).catch(() => {});
if (kept && kept.etape === stepOf(own())) {
  fieldsOf(own()).forEach((field, place) => {
    if (place in kept.valeurs) field[boxed(field) ? "checked" : "value"] = kept.valeurs[place];
  });
}
if (own()) {
  for (const kind of ["input", "change"]) own().addEventListener(kind, keep);
  keep();
}
