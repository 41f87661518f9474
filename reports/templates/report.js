// Filters the page and keeps the filter in the fragment, as `#CLAUSE?q=…&failing&must`, so that a
// link shows what its sender saw. Nothing here is needed for reading.
(() => {
  "use strict";
  const form = document.getElementById("filter");
  const { q, failing, must } = form.elements;
  const output = form.querySelector("output");
  const entries = [...document.querySelectorAll("[data-text]")].map((element) => ({
    element,
    text: element.dataset.text.toLowerCase(),
  }));
  const rows = entries.filter(({ element }) => element.matches("tr")).length;
  let anchor = "";

  const apply = () => {
    const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { element, text } of entries) {
      const fits =
        words.every((word) => text.includes(word)) &&
        (!failing.checked || "failing" in element.dataset) &&
        (!must.checked || element.dataset.level === "must");
      // What a link points at is shown, whatever the filter.
      element.hidden = !fits && element.id !== anchor;
      if (fits && element.matches("tr")) shown += 1;
    }
    for (const selector of ["tbody", ".item", ".shared", ".group", ".findings", ".entry", ".deviations", ".errata"]) {
      for (const holder of document.querySelectorAll(selector)) {
        const held = [...holder.querySelectorAll("[data-text]")];
        if (held.length) holder.hidden = held.every((element) => element.hidden);
      }
    }
    output.textContent = shown === rows ? `${rows} clauses` : `${shown} of ${rows} clauses`;
  };

  const fragment = () => {
    const parts = [];
    if (q.value) parts.push(`q=${encodeURIComponent(q.value)}`);
    if (failing.checked) parts.push("failing");
    if (must.checked) parts.push("must");
    const filter = parts.length ? `?${parts.join("&")}` : "";
    return `#${encodeURI(anchor)}${filter}`;
  };

  const point = () => {
    document.querySelectorAll(".here").forEach((element) => element.classList.remove("here"));
    const target = anchor && document.getElementById(anchor);
    if (!target) return;
    for (let at = target; at; at = at.parentElement) {
      if (at.matches("details")) at.open = true;
    }
    target.classList.add("here");
    target.scrollIntoView({ block: "center" });
  };

  const read = () => {
    const [name, filter = ""] = location.hash.slice(1).split("?");
    const wanted = new URLSearchParams(filter);
    try {
      anchor = decodeURIComponent(name);
    } catch {
      anchor = "";
    }
    q.value = wanted.get("q") ?? "";
    failing.checked = wanted.has("failing");
    must.checked = wanted.has("must");
    apply();
    point();
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    anchor = "";
    history.replaceState(null, "", fragment());
    apply();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    anchor = decodeURIComponent(link.hash.slice(1));
    history.pushState(null, "", fragment());
    apply();
    point();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      q.focus();
      q.select();
    } else if (event.key === "Escape" && event.target === q) {
      q.value = "";
      q.blur();
      form.dispatchEvent(new Event("input"));
    }
  });
  addEventListener("popstate", read);
  addEventListener("beforeprint", () => {
    document.querySelectorAll(".findings details, .deviations details, .errata details").forEach((details) => { details.open = true; });
  });

  if (navigator.clipboard) {
    for (const command of document.querySelectorAll(".command")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "copy";
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(command.querySelector("code").textContent);
        button.textContent = "copied";
      });
      command.append(button);
    }
  }

  form.hidden = false;
  read();
})();
