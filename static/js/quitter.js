// Leaving quickly. Without this file the link only leaves; with it, one click or Shift pressed three times covers the
// page at once and replaces it in the history. Nothing is written anywhere: what is remembered is in this page's memory.
const link = document.querySelector(".quitter");
const discreet = document.documentElement.dataset.discret === "1";
let gone = false;
let presses = [];

function leave() {
  gone = true;
  document.documentElement.classList.add("parti");
  document.title = link.dataset.titre;
  location.replace(link.href);
}

function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

if (link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift" || isTyping(event.target)) {
      presses = [];
      return;
    }
    if (event.repeat) return;
    presses = [...presses.filter((time) => event.timeStamp - time < 1500), event.timeStamp];
    if (presses.length === 3) leave();
  });
  // A browser may bring a page back from its memory as it was: the page that was left stays covered and leaves again.
  addEventListener("pageshow", (event) => {
    if (event.persisted && gone) leave();
  });
}

// Discreet mode: the site keeps one entry in the list of Back, because its own links replace it; so does the link
// that enters the mode, or the page where it stands would stay in the list.
addEventListener("click", (event) => {
  const anchor = event.target instanceof Element ? event.target.closest("a[href]") : null;
  const plain = !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!anchor || !plain || event.defaultPrevented || anchor.origin !== location.origin) return;
  if (!discreet && new URLSearchParams(anchor.search).get("discret") !== "1") return;
  event.preventDefault();
  location.replace(anchor.href);
});

if (discreet) {
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "get") return;
    event.preventDefault();
    const query = new URLSearchParams(new FormData(form)).toString();
    const to = event.submitter?.hasAttribute("formaction") ? event.submitter.formAction : form.action;
    location.replace(to.split("?")[0] + "?" + query);
  });
}
