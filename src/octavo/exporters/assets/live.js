"use strict";
window.octavoRun = (text) => {
  const script = document.createElement("script");
  script.textContent = text;
  document.body.append(script);
};
addEventListener("message", (event) => {
  if (event.source !== parent || typeof event.data?.library !== "string") return;
  octavoRun(event.data.library);
  window.octavoDraw();
  const tell = () => parent.postMessage({ octavo: "height", height: document.body.scrollHeight }, "*");
  new ResizeObserver(tell).observe(document.body);
}, { once: true });
parent.postMessage({ octavo: "ready" }, "*");
