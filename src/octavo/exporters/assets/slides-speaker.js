// The speaker's window: this slide, the next, notes, and the time. It belongs to this page, so it
// works without a server.
const speaker = { window: null, started: 0, before: 0, timer: 0 };

const element = (name, attributes = {}, ...children) => {
  const made = speaker.window.document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const button = (text, action) => {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", action);
  return made;
};

const copyOf = (at) => {
  const frame = element("div", { class: "deck" });
  if (slides[at]) {
    const copy = speaker.window.document.importNode(slides[at], true);
    copy.querySelector(":scope > .notes")?.remove();
    for (const part of copy.querySelectorAll("[id]")) part.removeAttribute("id");
    for (const live of copy.querySelectorAll("iframe")) live.replaceWith(element("p", {}, `[${live.title}]`));
    copy.inert = true;
    frame.append(copy);
  }
  return frame;
};

const twoDigits = (n) => String(n).padStart(2, "0");
const elapsed = () => speaker.before + (speaker.started ? Date.now() - speaker.started : 0);
const showTime = () => {
  const seconds = Math.floor(elapsed() / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const find = (name) => speaker.window.document.querySelector(name);
  find(".elapsed").textContent = parts.map(twoDigits).join(":");
  find(".clock").textContent = new Date().toLocaleTimeString();
};

const isOpen = () => speaker.window && !speaker.window.closed;
const showSpeaker = () => {
  if (!isOpen()) return;
  const find = (name) => speaker.window.document.querySelector(name);
  const notes = slides[state.at].querySelector(":scope > .notes");
  find(".now .frame").replaceChildren(copyOf(state.at));
  find(".then .frame").replaceChildren(copyOf(state.at + 1));
  find(".where").textContent = slides[state.at].getAttribute("aria-label");
  const said = find(".said-here");
  said.replaceChildren();
  if (notes) for (const part of notes.childNodes) said.append(speaker.window.document.importNode(part, true));
  else said.append(element("p", {}, "No notes."));
  const view = speaker.window.document.documentElement;
  view.dataset.theme = root.dataset.theme || "";
};

const build = () => {
  const page = speaker.window.document;
  page.title = `Speaker: ${document.title}`;
  page.documentElement.lang = root.lang;
  page.head.replaceChildren(element("meta", { charset: "utf-8" }),
    ...[...document.querySelectorAll("head > style")].map((style) => page.importNode(style, true)));
  const pause = button("Pause", () => {
    speaker.before = elapsed();
    speaker.started = speaker.started ? 0 : Date.now();
    pause.textContent = speaker.started ? "Pause" : "Go on";
  });
  const reset = button("Reset", () => {
    speaker.before = 0;
    if (speaker.started) speaker.started = Date.now();
    showTime();
  });
  const times = element("div", { class: "times" },
    element("span", { class: "elapsed", role: "timer" }, "00:00:00"),
    element("span", { class: "clock" }), pause, reset,
    button("Back", () => actions.previous()), button("On", () => actions.next()),
    element("strong", { class: "where" }));
  const view = element("main", { class: "speaker-view" }, times,
    element("section", { class: "now", "aria-label": "This slide" }, element("div", { class: "frame" })),
    element("div", { class: "side" },
      element("h1", { class: "unseen" }, "Speaker view"),
      element("section", { class: "then", "aria-label": "Next slide" },
        element("h2", { class: "label" }, "Next"), element("div", { class: "frame" })),
      element("section", { "aria-label": "Notes" },
        element("h2", { class: "label" }, "Notes"), element("div", { class: "said-here", tabindex: "0" }))));
  page.body.replaceChildren(view);
  speaker.window.onkeydown = onKey;
};

actions.speaker = () => {
  if (!isOpen()) speaker.window = window.open("", "octavo-speaker", "width=1100,height=720");
  if (!speaker.window) return say("The browser has blocked the window of the speaker");
  build();
  speaker.before = 0;
  speaker.started = Date.now();
  clearInterval(speaker.timer);
  speaker.timer = setInterval(() => (isOpen() ? showTime() : clearInterval(speaker.timer)), 500);
  showSpeaker();
  showTime();
  speaker.window.focus();
};
whenMoved.push(showSpeaker);
window.addEventListener("pagehide", () => { if (isOpen()) speaker.window.close(); });
