"use strict";
(() => {
  const menu = document.querySelector(".site-menu");
  if (menu && !matchMedia("(min-width: 56rem)").matches) menu.open = false;
  const place = document.querySelector(".search");
  const pages = window.octavoSearch;
  if (!place || !pages) return;
  const root = document.body.dataset.root;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = pages.flatMap(([file, page, sections]) =>
    sections.map(([id, title, text]) => ({
      file, page, id, title, text, low: plain(text), head: plain(`${page} ${title}`),
    })));
  const score = (row, words) => {
    let sum = 0;
    for (const word of words) {
      const inHead = row.head.includes(word);
      const hits = row.low.split(word).length - 1;
      if (!inHead && !hits) return 0;
      const whole = new RegExp(`(^|\\P{L})${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(\\P{L}|$)`, "u");
      sum += (inHead ? 20 : 0) + (whole.test(row.head) ? 20 : 0) + (whole.test(row.low) ? 3 : 0);
      sum += Math.min(hits, 10) / Math.log2(8 + row.low.length / 100);
    }
    return sum;
  };
  const input = document.createElement("input");
  Object.assign(input, { type: "search", placeholder: "Search (press /)", autocomplete: "off" });
  const attributes = { role: "combobox", "aria-label": "Search", "aria-expanded": "false",
    "aria-controls": "search-results", "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  const list = document.createElement("ul");
  Object.assign(list, { id: "search-results", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Pages found");
  const told = document.createElement("div");
  told.setAttribute("role", "status");
  place.append(input, list, told);
  let found = [];
  let at = -1;
  const address = (row) => `${root}/${encodeURI(row.file)}${row.id ? `#${encodeURIComponent(row.id)}` : ""}`;
  const excerpt = (row, words) => {
    const start = Math.max(0, Math.min(...words.map((word) => {
      const place = row.low.indexOf(word);
      return place < 0 ? row.low.length : place;
    })) - 50);
    return (start ? "…" : "") + row.text.slice(start, start + 140);
  };
  const mark = (element, text, words) => {
    const signs = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const pattern = new RegExp(`(${signs.join("|")})`, "giu");
    text.split(pattern).forEach((part, n) => {
      const node = document.createElement(n % 2 ? "mark" : "i");
      node.textContent = part;
      element.append(n % 2 ? node : part);
    });
  };
  const select = (n) => {
    at = n;
    [...list.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === n)));
    if (n < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", `search-${n}`);
      list.children[n].scrollIntoView({ block: "nearest" });
    }
  };
  const show = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    found = words.length
      ? rows.map((row) => [score(row, words), row]).filter(([n]) => n > 0)
        .sort((a, b) => b[0] - a[0]).slice(0, 20).map(([, row]) => row)
      : [];
    list.replaceChildren(...found.map((row, n) => {
      const item = document.createElement("li");
      item.id = `search-${n}`;
      item.setAttribute("role", "option");
      const title = document.createElement("b");
      title.textContent = row.title && row.title !== row.page ? `${row.page}: ${row.title}` : row.page;
      const words_ = document.createElement("span");
      mark(words_, excerpt(row, words), words);
      item.append(title, words_);
      item.addEventListener("click", () => { location.href = address(row); });
      return item;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!!found.length));
    told.textContent = words.length ? `${found.length} found` : "";
    select(found.length ? 0 : -1);
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && found.length) select((at + 1) % found.length);
    else if (event.key === "ArrowUp" && found.length) select((at + found.length - 1) % found.length);
    else if (event.key === "Enter" && at >= 0) location.href = address(found[at]);
    else if (event.key === "Escape") { input.value = ""; show(); }
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      input.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!place.contains(event.target)) list.hidden = true;
  });
  input.addEventListener("focus", () => { list.hidden = !found.length; });
})();
