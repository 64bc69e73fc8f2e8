// Changes the list in place when a filter changes. Without this file the same form is sent with its button.
// Nothing is stored: the address is the state, and Back asks the server again.
const form = document.getElementById("filtres");
const region = "liste-vivante";
let pending = null;
let timer = 0;

function address() {
  const parameters = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...parameters]) {
    if (value === "" || name === "nom") parameters.delete(name, value); // « nom » is for a page of its own
  }
  const query = parameters.toString();
  return form.getAttribute("action") + (query ? "?" + query : "");
}

function openFacets() {
  return new Set([...document.querySelectorAll("#" + region + " details[open] > summary")].map((s) => s.textContent));
}

// Replaces the list and its counts by those of the answer, keeping what was open, what had the focus and what was typed.
function replace(text, typed) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const from = fresh.getElementById(region);
  const to = document.getElementById(region);
  const danger = document.getElementById("danger-vivant");
  if (!from || !to || !danger) return false;
  const open = openFacets();
  const active = document.activeElement;
  const focus = active && active.form === form ? [active.name, active.value] : null;
  for (const part of ["portes", "tiroir", "resultats"]) {
    const target = to.querySelector("." + part);
    const source = from.querySelector("." + part);
    if (!target || !source) return false;
    target.replaceChildren(...source.childNodes);
  }
  danger.replaceChildren(...fresh.getElementById("danger-vivant").childNodes); // outside the list, above the title
  for (const summary of to.querySelectorAll("details > summary")) {
    if (open.has(summary.textContent)) summary.parentElement.open = true;
  }
  if (!typed) {
    document.getElementById("q").value = fresh.getElementById("q").value;
  }
  if (focus && focus[0] !== "q") {
    for (const field of form.elements) {
      if (field.name === focus[0] && field.value === focus[1]) field.focus({ preventScroll: true });
    }
  }
  document.title = fresh.title;
  return true;
}

// `how`: "pushState" for a choice, "replaceState" while somebody types, nothing when Back already moved the address.
async function load(where, how, typed) {
  if (pending) pending.abort();
  const mine = (pending = new AbortController());
  const results = document.querySelector("#" + region + " .resultats");
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(where, { signal: mine.signal, cache: "no-store", credentials: "omit", redirect: "error" });
    const text = await answer.text();
    if (mine !== pending) return;
    if (!answer.ok || !replace(text, typed)) {
      location.assign(where);
      return;
    }
    // In the discreet mode the site keeps one entry in the history.
    if (how) history[document.documentElement.dataset.discret === "1" ? "replaceState" : how](null, "", where);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(where);
  } finally {
    results.removeAttribute("aria-busy");
  }
}

if (form && document.getElementById(region)) {
  // Fields of the form stand outside of it too: what is typed, and the order.
  addEventListener("change", (event) => {
    if (event.target.form === form && !["q", "nom"].includes(event.target.name)) load(address(), "pushState", true);
  });
  addEventListener("input", (event) => {
    if (event.target.form !== form || event.target.name !== "q") return;
    clearTimeout(timer);
    timer = setTimeout(() => load(address(), "replaceState", true), 350);
  });
  form.addEventListener("submit", (event) => {
    if (form.elements.nom.value || event.submitter?.hasAttribute("formaction")) return; // a search of organisations
    event.preventDefault(); // before the discreet mode sees it
    clearTimeout(timer);
    load(address(), "pushState", true);
  });
  document.getElementById(region).addEventListener("click", (event) => {
    const link = event.target.closest(".choix a, .pagination a, .precision a, .avis a, .carte-quebec a");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    load(link.href, "pushState", false).then(() => document.getElementById("nombre").scrollIntoView({ block: "nearest" }));
  });
  addEventListener("popstate", () => load(location.href, "", false));
}
