// Which slide is shown, and how much of it.
const WIDTH = 1280;
const HEIGHT = 720;
const SMALLEST = 0.5;
const root = document.documentElement;
const body = document.body;
const deck = body.querySelector(":scope > main.deck");
const bar = body.querySelector(":scope > nav.bar");
const slides = [...deck.children];
const state = { at: 0, step: 0 };
const whenMoved = [];
const actions = {};

const contentOf = (slide) => slide.querySelector(":scope > .content");
const fragmentsOf = (slide) => [...contentOf(slide).querySelectorAll(":scope > .fragment")];
const isOverview = () => root.classList.contains("overview");
const say = (text) => { body.querySelector(":scope > .said").textContent = text; };

const fit = () => {
  root.style.setProperty("--scale", String(Math.min(innerWidth / WIDTH, innerHeight / HEIGHT)));
};

// Letters become smaller until all of a slide is seen; what is still too long scrolls.
const shrink = (slide) => {
  const content = contentOf(slide);
  let size = 1;
  content.style.removeProperty("--shrink");
  while (content.scrollHeight > content.clientHeight + 1 && size > SMALLEST) {
    size -= 0.05;
    content.style.setProperty("--shrink", size.toFixed(2));
  }
  if (content.scrollHeight > content.clientHeight + 1) content.tabIndex = 0;
};

// The headings above a slide, for those who cannot see where they are.
const tellPlace = (slide) => {
  const place = body.querySelector(":scope > header.place");
  const above = [];
  let first = 7;
  for (const heading of deck.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const inSlide = slide.contains(heading);
    if (!inSlide && !(heading.compareDocumentPosition(slide) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
    const level = Number(heading.tagName[1]);
    if (inSlide) { first = level; break; }
    while (above.length && above.at(-1)[0] >= level) above.pop();
    above.push([level, heading.textContent]);
  }
  const told = above.filter(([level]) => level < first);
  if (!told.length && first > 1) told.push([1, document.title]);
  place.replaceChildren(...told.map(([, text], n) => {
    const heading = document.createElement(`h${n + 1}`);
    heading.textContent = text;
    return heading;
  }));
};

const render = () => {
  const current = slides[state.at];
  for (const slide of slides) {
    slide.classList.toggle("current", slide === current);
    if (slide === current) slide.setAttribute("aria-current", "true");
    else slide.removeAttribute("aria-current");
  }
  fragmentsOf(current).forEach((part, n) => part.classList.toggle("shown", n < state.step));
  bar.querySelector(".count").textContent = `${state.at + 1} / ${slides.length}`;
  root.style.setProperty("--done", String((state.at + 1) / slides.length));
  tellPlace(current);
  if (isOverview()) current.scrollIntoView({ block: "nearest" });
  for (const tell of whenMoved) tell();
};

const go = (at, step = 0) => {
  const before = state.at;
  state.at = Math.max(0, Math.min(at, slides.length - 1));
  state.step = Math.max(0, Math.min(step, fragmentsOf(slides[state.at]).length));
  if (location.hash !== `#/${state.at + 1}`) history.replaceState(null, "", `#/${state.at + 1}`);
  render();
  if (before !== state.at) say(slides[state.at].getAttribute("aria-label"));
};

const mainSlide = (direction) => {
  let at = state.at + direction;
  while (at > 0 && at < slides.length && slides[at].dataset.below) at += direction;
  return at;
};

// An address may name a slide, or anything on one: a heading, a figure, a footnote.
const goToAddress = () => {
  let name = location.hash.slice(1);
  try { name = decodeURIComponent(name); } catch { /* as it is */ }
  const target = name && document.getElementById(name);
  const at = target ? slides.findIndex((slide) => slide.contains(target)) : -1;
  if (at < 0) return go(state.at, state.step);
  const wanted = fragmentsOf(slides[at]).findIndex((part) => part.contains(target));
  state.at = at;
  state.step = wanted + 1;
  render();
  deck.scrollTo(0, 0);
};

actions.next = () => {
  if (isOverview()) return go(state.at + 1);
  if (state.step < fragmentsOf(slides[state.at]).length) return go(state.at, state.step + 1);
  if (state.at + 1 < slides.length) go(state.at + 1);
};
actions.previous = () => {
  if (isOverview()) return go(state.at - 1);
  if (state.step > 0) return go(state.at, state.step - 1);
  if (state.at > 0) go(state.at - 1, Infinity);
};
actions.down = () => go(state.at + 1);
actions.up = () => go(state.at - 1);
actions.nextMain = () => go(mainSlide(1));
actions.previousMain = () => go(mainSlide(-1));
actions.first = () => go(0);
actions.last = () => go(slides.length - 1);
actions.overview = () => {
  const on = root.classList.toggle("overview");
  for (const slide of slides) contentOf(slide).inert = on;
  if (on) deck.tabIndex = 0; // it scrolls
  else deck.removeAttribute("tabindex");
  render();
  say(on ? "Overview" : slides[state.at].getAttribute("aria-label"));
};
actions.black = () => root.classList.toggle("black");
actions.theme = () => {
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  for (const tell of whenMoved) tell();
};
actions.fullscreen = () => {
  const done = document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen();
  done.catch(() => say("The browser does not allow a full screen"));
};
actions.help = () => body.querySelector(":scope > dialog.help").showModal();
