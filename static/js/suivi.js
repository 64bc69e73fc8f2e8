// How a campaign's e-mails leave: the page asks for itself again while they do, a few minutes at most.
(() => {
  const shown = () => document.getElementById("suivi");
  let left = 200;
  const look = async () => {
    left -= 1;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("suivi");
      const busy = shown().contains(document.activeElement);
      if (fresh && !busy) shown().replaceWith(fresh);
      if (!fresh) return;
    } catch {
      // The next look says whether it is back.
    }
    if (left > 0 && "suivre" in shown().dataset) setTimeout(look, 3000);
  };
  setTimeout(look, 2000);
})();
