// Searches a copy of the site, opened from a disk: no module, nothing asked of anybody, nothing kept, no address changed.
// Words are folded as initiatives/publishing/copies/words.py folds those of the fiches.
(() => {
  const form = document.querySelector("form[data-de]");
  const field = document.getElementById("mots");
  const said = document.getElementById("trouve");
  const place = document.getElementById("resultats");
  const more = document.getElementById("suite");
  const SHOWN = 30;
  const EMPTY = new Set(
    ("a au aux avec ce ces cette dans de des du elle elles en est et il ils je la le les leur ma me mes mon ne nous on " +
      "ou par pas plus pour que qui sa se ses son sur un une vous y " +
      "an and are at by for from i in is it my of on or our that the this to was with you your").split(" "),
  );
  let found = [];
  let shown = 0;
  let timer = 0;

  const fold = (text) =>
    text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFD").replace(/\p{M}/gu, "")
      .split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  // What a word begins with in the singular and in the plural: maison(s), hôpita(l, ux), famil(y, ies).
  function root(word) {
    if (word.length < 4) return word;
    if (/aux$/.test(word)) return word.slice(0, -2);
    if (/ies$/.test(word)) return word.slice(0, -3);
    return word.replace(/[sx]$/, "");
  }

  const entries = COPIE.map(([slug, title, who, region, lang, text, words]) => {
    const weights = [[fold(title), 5], [fold(who), 4], [fold(region), 3]];
    return { slug, title, who, region, lang, text, words: ` ${words}`, weights };
  });

  function score(entry, roots) {
    let points = 0;
    let met = 0;
    for (const part of roots) {
      if (!entry.words.includes(` ${part}`)) continue;
      met += 1;
      points += 1;
      for (const [words, weight] of entry.weights) if (words.some((word) => word.startsWith(part))) points += weight;
    }
    return { entry, points, met };
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function card({ entry }) {
    const made = element("article", "vignette");
    const title = element("h2", "vignette-titre");
    const link = element("a", "", entry.title);
    link.href = `${form.dataset.dossier}${encodeURIComponent(entry.slug)}/index.html`;
    title.append(link);
    const text = element("p", "vignette-texte", entry.text);
    text.lang = link.lang = entry.lang;
    made.append(title, element("p", "vignette-porteur", [entry.who, entry.region].filter(Boolean).join(" · ")), text);
    return made;
  }

  function showMore() {
    const next = found.slice(shown, shown + SHOWN).map(card);
    place.append(...next);
    shown += next.length;
    more.hidden = shown >= found.length;
    return next[0];
  }

  function search() {
    const words = fold(field.value);
    const asked = words.filter((word) => !EMPTY.has(word));
    const roots = [...new Set((asked.length ? asked : words).map(root))];
    place.replaceChildren();
    shown = 0;
    found = [];
    more.hidden = true;
    said.textContent = "";
    if (!roots.length) return;
    const some = entries.map((entry) => score(entry, roots)).filter(({ met }) => met);
    const whole = some.filter(({ met }) => met === roots.length);
    found = (whole.length ? whole : some).sort((one, other) => other.met - one.met || other.points - one.points);
    const { une, plusieurs, aucune, partie } = form.dataset;
    const sentence = !found.length ? aucune : !whole.length ? partie : found.length === 1 ? une : plusieurs;
    said.textContent = sentence.replace("{n}", found.length);
    showMore();
  }

  form.parentElement.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 250);
  });
  more.addEventListener("click", () => showMore()?.querySelector("a").focus());
})();
