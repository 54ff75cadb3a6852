// Frames of live outputs ask for their library, and tell how tall they are.
(() => {
  const frames = [...document.querySelectorAll("iframe.live")];
  const send = (frame) => {
    const name = frame.dataset.library;
    const library = window.octavoLibraries?.[name]
      ?? JSON.parse(document.querySelector(`script[data-library="${name}"]`).textContent);
    frame.contentWindow.postMessage({ library }, "*");
  };
  addEventListener("message", ({ source, data }) => {
    const frame = frames.find((one) => one.contentWindow === source);
    if (frame && data?.octavo === "ready") send(frame);
    if (frame && data?.octavo === "height" && Number.isFinite(data.height)) {
      frame.height = Math.min(Math.max(Math.ceil(data.height), 40), 2000);
    }
  });
  frames.forEach(send);
})();
