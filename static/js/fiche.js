// The form of a fiche: objectives one by one, sections opened together, and the page beside. Without this file objectives
// are lines of a text, sections open by themselves, and « Voir la page » shows the page. Nothing is stored.
const form = document.querySelector("#initiative_form");

function button(text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

// The lines of a text as a list that is sorted by hand; the text is what is sent.
function lines(area) {
  const words = JSON.parse(area.dataset.lignes);
  const list = document.createElement("ol");
  list.className = "lignes";
  const said = document.createElement("p");
  said.className = "lignes-dit";
  said.setAttribute("role", "status");
  let texts = area.value.split("\n").filter((line) => line.trim());

  const say = (sentence, n) => (said.textContent = words[sentence].replace("{n}", n));
  const write = () => {
    area.value = texts.join("\n");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const focus = (place, what) => {
    const item = list.children[Math.max(0, Math.min(place, list.children.length - 1))];
    const target = item?.querySelector(what);
    (target && !target.disabled ? target : item?.querySelector("textarea"))?.focus();
  };

  function change(next, place, what) {
    texts = next;
    draw();
    write();
    focus(place, what);
  }

  function move(from, to, what) {
    const next = [...texts];
    next.splice(to, 0, ...next.splice(from, 1));
    change(next, to, what);
    say("place", to + 1);
  }

  function typed(event, place) {
    const parts = event.target.value.split("\n");
    texts[place] = parts[0];
    if (parts.length === 1) return write();
    const next = [...texts];
    next.splice(place, 1, ...parts);
    return change(next, place + parts.length - 1, "textarea");
  }

  function draw() {
    list.replaceChildren(
      ...texts.map((text, place) => {
        const name = words.ligne.replace("{n}", place + 1);
        const item = document.createElement("li");
        const field = document.createElement("textarea");
        field.rows = 2;
        field.value = text;
        field.setAttribute("aria-label", name);
        field.addEventListener("input", (event) => {
          event.stopPropagation(); // the text says it
          typed(event, place);
        });
        const up = button("↑", `${words.monter} : ${name}`, () => move(place, place - 1, ".monter"));
        const down = button("↓", `${words.descendre} : ${name}`, () => move(place, place + 1, ".descendre"));
        const away = button("×", `${words.retirer} : ${name}`, () => {
          change(texts.filter((_text, other) => other !== place), place, "textarea");
          say("parti", place + 1);
          if (!texts.length) add.focus();
        });
        up.className = "monter";
        down.className = "descendre";
        up.disabled = !place;
        down.disabled = place === texts.length - 1;
        item.append(field, up, down, away);
        return item;
      }),
    );
  }

  const add = button(words.ajouter, "", () => change([...texts, ""], texts.length, "textarea"));
  draw();
  const box = document.createElement("div");
  box.className = "lignes-boite";
  box.append(list, add, said);
  area.hidden = true;
  area.after(box);
  const label = area.form.querySelector(`label[for="${area.id}"]`);
  label?.addEventListener("click", () => focus(0, "textarea"));
}

// The page that the form would make, asked for once the fingers rest, one request at a time.
function beside(panel) {
  const wide = matchMedia("(min-width: 1280px)");
  const frame = panel.querySelector("iframe");
  const said = panel.querySelector("[role=status]");
  let timer = 0;
  let running = null;
  let stale = true;

  async function draw() {
    if (!wide.matches || !stale) return;
    if (running) {
      later();
      return;
    }
    stale = false;
    running = new AbortController();
    try {
      const options = { method: "POST", body: new FormData(form), signal: running.signal, cache: "no-store", redirect: "error" };
      const answer = await fetch(panel.dataset.direct, options);
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.text());
      said.textContent = "";
    } catch {
      said.textContent = said.dataset.echec;
    } finally {
      running = null;
    }
  }

  function show(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const script of page.querySelectorAll("script")) script.remove(); // the frame runs none
    const place = frame.contentWindow.scrollY;
    frame.addEventListener(
      "load",
      () => {
        frame.contentWindow.scrollTo(0, place);
        // It is looked at: no link of it leads anywhere, nothing of it is sent.
        for (const kind of ["click", "submit"]) frame.contentDocument.addEventListener(kind, (event) => event.preventDefault());
      },
      { once: true },
    );
    frame.srcdoc = "<!doctype html>" + page.documentElement.outerHTML;
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(draw, 700);
  }

  function changed() {
    stale = true;
    later();
  }

  panel.hidden = false;
  for (const kind of ["input", "change"]) form.addEventListener(kind, changed);
  form.addEventListener("formset:removed", changed);
  wide.addEventListener("change", draw);
  addEventListener("pagehide", () => running?.abort());
  draw();
}

if (form) {
  for (const area of form.querySelectorAll("textarea[data-lignes]")) lines(area);
  const panel = document.querySelector("[data-direct]");
  if (panel) beside(panel);
  // A place of the page that is asked for is in a section that may be closed.
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const section = target && target.closest("details");
    if (section) {
      section.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
}
