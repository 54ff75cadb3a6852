// The page around links.js.  Text reaches the page as text only, never as markup; the fragment of
// the page's address holds the form, so that it can be kept and passed on.
"use strict";

(() => {
  const FIELDS = ["content", "branch", "path", "app", "environment", "environmentRef", "kind",
                  "hub", "target", "depth", "parent", "server"];
  const MORE = ["target", "depth", "parent", "server"];
  const TITLES = { markdown: "Markdown", rst: "reStructuredText", html: "HTML",
                   asciidoc: "AsciiDoc" };
  const QUIET_MS = 400;
  const byId = (id) => document.getElementById(id);
  const defaults = Object.fromEntries(FIELDS.map((name) => [name, byId(name).value]));
  let announcing = 0;

  // Blanks at the ends of most fields come from pasting; those of a path may belong to a name.
  const valueOf = (name) => (name === "path" ? byId(name).value : byId(name).value.trim());
  const formNow = () => Object.fromEntries(FIELDS.map((name) => [name, valueOf(name)]));

  function restore() {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const name of FIELDS) {
      const field = byId(name);
      if (!kept.has(name)) continue;
      field.value = kept.get(name);
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = defaults[name];
    }
    byId("more").open = MORE.some((name) => kept.get(name));
  }

  function keep(form) {
    const kept = new URLSearchParams();
    for (const name of FIELDS) if (form[name] !== defaults[name]) kept.set(name, form[name]);
    const text = kept.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  }

  function addBadge(name) {
    const box = document.createElement("div");
    box.className = "badge";
    const title = document.createElement("h4");
    title.textContent = TITLES[name];
    const text = document.createElement("output");
    text.id = `badge-${name}`;
    text.className = "code";
    text.setAttribute("aria-live", "off");
    const buttons = document.createElement("p");
    buttons.className = "buttons";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.dataset.copies = text.id;
    button.textContent = `Copy the ${TITLES[name]} badge`;
    buttons.append(button);
    box.append(title, text, buttons);
    byId("badges").append(box);
  }

  // What a screen reader hears: once the person pauses, not at every key.
  function announce(text, isBad) {
    clearTimeout(announcing);
    announcing = setTimeout(() => {
      byId("status").textContent = text;
      byId("status").classList.toggle("bad", isBad);
    }, QUIET_MS);
  }

  function showErrors(made) {
    for (const name of FIELDS) {
      const isWrong = made.field === name;
      byId(name).setAttribute("aria-invalid", String(isWrong));
      const place = byId(`${name}-error`);
      if (place) place.textContent = isWrong ? made.message : "";
    }
  }

  function showLink(made) {
    byId("link").textContent = made.link;
    byId("follow").href = made.link;
    byId("words").replaceChildren(...made.words.map((sentence) => {
      const item = document.createElement("li");
      item.textContent = sentence;
      return item;
    }));
    for (const [name, text] of Object.entries(made.badges)) byId(`badge-${name}`).textContent = text;
  }

  function render() {
    const form = formNow();
    const isBinder = form.kind === "binder";
    byId("environment-group").hidden = !isBinder;
    byId("server-field").hidden = isBinder;
    byId("environmentRef").placeholder = form.environment ? "default branch" : "binder-build";
    keep(form);
    const isEmpty = !form.content && (!isBinder || !form.environment);
    const made = octavoLinks.make(form);
    byId("made").hidden = isEmpty || !made.link;
    showErrors(isEmpty ? {} : made);
    if (isEmpty) {
      announce("Name the repository of the content.", false);
    } else if (made.link) {
      showLink(made);
      announce(`The link is ready: ${made.words[made.words.length - 1]}`, false);
    } else {
      announce(made.message, true);
    }
  }

  async function copy(button) {
    const source = byId(button.dataset.copies);
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      // Pages opened from a file may not write to the clipboard: mark the text, let it be copied.
      const range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      isCopied = document.execCommand("copy");
    }
    announce(isCopied ? "Copied." : "Marked: copy it with the keyboard.", false);
  }

  for (const name of Object.keys(octavoLinks.MARKUPS)) addBadge(name);
  byId("form").addEventListener("input", render);
  byId("form").addEventListener("submit", (event) => event.preventDefault());
  byId("form").addEventListener("reset", () => setTimeout(render));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copies]");
    if (button) copy(button);
  });
  addEventListener("hashchange", () => { restore(); render(); });
  restore();
  render();
})();
