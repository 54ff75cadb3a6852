"use strict";
(() => {
  const root = document.documentElement;
  const made = (tag, facts, text = "") => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(facts)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };

  const theme = made("button", { type: "button", class: "theme" });
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches);
  const label = () => {
    theme.textContent = isDark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", isDark() ? "Light theme" : "Dark theme");
  };
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("octavo-theme", root.dataset.theme); } catch { /* this page only */ }
    label();
  });
  prefersDark.addEventListener("change", label);
  label();
  (document.querySelector(".site-head") ?? document.body).append(theme);

  const copied = async (pre) => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
      return "Copied";
    } catch {
      getSelection().selectAllChildren(pre);
      return "Selected";
    }
  };
  for (const block of document.querySelectorAll(".code")) {
    const copy = made("button", { type: "button", class: "copy" }, "Copy");
    copy.addEventListener("click", async () => {
      copy.textContent = await copied(block.querySelector("pre"));
      setTimeout(() => { copy.textContent = "Copy"; }, 1500);
    });
    block.append(copy);
  }

  const contents = document.querySelector(".contents details");
  if (contents && !matchMedia("(min-width: 72rem)").matches) contents.open = false;

  document.querySelectorAll(".tabs").forEach((group, number) => {
    const folds = [...group.querySelectorAll(":scope > details.tab")];
    const list = made("div", { role: "tablist", class: "tab-list" });
    const tabs = [];
    const panels = [];
    const choose = (chosen, focus) => {
      tabs.forEach((tab, n) => {
        tab.setAttribute("aria-selected", String(n === chosen));
        tab.tabIndex = n === chosen ? 0 : -1;
        const panel = panels[n];
        const shown = { role: "tabpanel", tabindex: "0", "aria-labelledby": tab.id };
        const facts = n === chosen ? shown : { hidden: "until-found" };
        for (const name of ["hidden", ...Object.keys(shown)]) panel.removeAttribute(name);
        for (const [name, value] of Object.entries(facts)) panel.setAttribute(name, value);
      });
      if (focus) tabs[chosen].focus();
    };
    folds.forEach((fold, n) => {
      const [tabId, panelId] = [`tab-${number}-${n}`, `tab-panel-${number}-${n}`];
      const title = fold.querySelector("summary").textContent || `${n + 1}`;
      const tab = made("button", { type: "button", role: "tab", id: tabId, "aria-controls": panelId }, title);
      const panel = fold.querySelector(".tab-content");
      const facts = { id: panelId, "data-title": title };
      for (const [name, value] of Object.entries(facts)) panel.setAttribute(name, value);
      panel.addEventListener("beforematch", () => choose(n));
      tab.addEventListener("click", () => choose(n));
      tab.addEventListener("keydown", (event) => {
        const to = { ArrowRight: n + 1, ArrowLeft: n - 1, Home: 0, End: folds.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        choose((to + folds.length) % folds.length, true);
      });
      tabs.push(tab);
      panels.push(panel);
      list.append(tab);
    });
    const opened = folds.findIndex((fold) => fold.open);
    group.replaceChildren(list, ...panels);
    choose(Math.max(0, opened));
  });

  const links = new Map();
  for (const link of document.querySelectorAll(".contents a[href^='#']")) {
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (place) links.set(place, link);
  }
  let current = null;
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      current?.removeAttribute("aria-current");
      current = links.get(target);
      current.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "0px 0px -70% 0px" });
  for (const place of links.keys()) watcher.observe(place);
})();
