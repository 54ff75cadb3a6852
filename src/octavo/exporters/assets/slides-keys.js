// Keys, buttons, fingers, and the start.
const KEYS = {
  ArrowRight: "next", PageDown: "next", n: "next", Enter: "next", " ": "next",
  ArrowLeft: "previous", PageUp: "previous", p: "previous", Backspace: "previous",
  ArrowDown: "down", ArrowUp: "up", Home: "first", End: "last", Escape: "overview", o: "overview",
  d: "pen", x: "eraser", z: "undo", c: "clear", s: "speaker", f: "fullscreen", b: "black",
  ".": "black", t: "theme", "?": "help",
};
const SHIFTED = { ArrowRight: "nextMain", ArrowLeft: "previousMain", " ": "previous" };
const ONLY_DRAWING = new Set(["eraser", "undo", "clear"]);

// What has the focus may want the key for itself: a button Enter, a long text its arrows.
const wantsIt = (target, key) => {
  if (!(target?.closest)) return false;
  if (target.closest("input, select, textarea, video, audio, [contenteditable]")) return true;
  if ((key === " " || key === "Enter") && target.closest("a, button, summary")) return true;
  const scrolls = target.closest(".content, pre, .html, .table");
  if (!scrolls || target !== scrolls) return false;
  if (key === "ArrowUp" || key === "ArrowDown") return scrolls.scrollHeight > scrolls.clientHeight + 1;
  if (key === "ArrowLeft" || key === "ArrowRight") return scrolls.scrollWidth > scrolls.clientWidth + 1;
  return false;
};

const columns = () => getComputedStyle(deck).gridTemplateColumns.split(" ").length;
const inOverview = (key) => {
  if (key === "Enter" || key === " ") return actions.overview();
  if (key === "ArrowDown") return go(state.at + columns());
  if (key === "ArrowUp") return go(Math.max(0, state.at - columns()));
  return null;
};

function onKey(event) {
  if (body.querySelector(":scope > dialog.help").open) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isUndo = key === "z" && (event.ctrlKey || event.metaKey);
  if ((event.ctrlKey || event.metaKey || event.altKey) && !isUndo) return;
  if (wantsIt(event.target, key)) return;
  if (root.classList.contains("black") && key !== "b" && key !== ".") root.classList.remove("black");
  root.classList.add("quiet");
  if (isOverview() && ["Enter", " ", "ArrowDown", "ArrowUp"].includes(key)) {
    event.preventDefault();
    inOverview(key);
    return;
  }
  const name = (event.shiftKey && SHIFTED[key]) || KEYS[key];
  if (!name || (ONLY_DRAWING.has(name) && !root.classList.contains("drawing"))) return;
  event.preventDefault();
  if (name === "overview" && root.classList.contains("drawing")) actions.pen();
  else actions[name]();
}

document.addEventListener("keydown", onKey);
document.addEventListener("pointermove", () => root.classList.remove("quiet"));
for (const item of body.querySelectorAll(":scope > nav [data-do], :scope > .pens [data-do]")) {
  item.addEventListener("click", () => actions[item.dataset.do]());
}
deck.addEventListener("click", (event) => {
  const at = isOverview() ? slides.findIndex((slide) => slide.contains(event.target)) : -1;
  if (at < 0) return;
  go(at);
  actions.overview();
});

let swipe = null;
deck.addEventListener("touchstart", (event) => { swipe = event.touches[0]; }, { passive: true });
deck.addEventListener("touchend", (event) => {
  const [end] = event.changedTouches;
  if (!swipe || drawing() || isOverview()) return;
  const [across, along] = [end.clientX - swipe.clientX, end.clientY - swipe.clientY];
  if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(along)) {
    actions[across < 0 ? "next" : "previous"]();
  }
  swipe = null;
});

root.classList.add("live");
fit();
addEventListener("resize", fit);
addEventListener("hashchange", goToAddress);
goToAddress();
slides.forEach(shrink);
addEventListener("load", () => { slides.forEach(shrink); });
