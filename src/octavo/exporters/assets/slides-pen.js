// Drawing: strokes in the coordinates of the slide, kept per slide, also over a reload.
const SVG = "http://www.w3.org/2000/svg";
const REACH = 14;
const storeName = `octavo-slides-${deck.dataset.deck}`;
const pens = body.querySelector(":scope > .pens");
const pen = { ink: "red", stroke: null };

const readStrokes = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(storeName) || "{}");
    return new Map(Object.entries(kept).map(([at, list]) => [Number(at), list]));
  } catch {
    return new Map();
  }
};
const strokes = readStrokes();

const keepStrokes = () => {
  try {
    localStorage.setItem(storeName, JSON.stringify(Object.fromEntries(strokes)));
  } catch { /* the browser keeps nothing: they last as long as the page */ }
};

const layerOf = (slide) => {
  const found = slide.querySelector(":scope > svg.ink");
  if (found) return found;
  const layer = document.createElementNS(SVG, "svg");
  layer.setAttribute("class", "ink");
  layer.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  layer.setAttribute("aria-hidden", "true");
  slide.append(layer);
  return layer;
};

// A smooth line: through the middles between the points.
const line = (points) => {
  const [[x, y], ...rest] = points;
  let made = `M${x} ${y}`;
  rest.forEach(([a, b], n) => {
    const [c, d] = rest[n + 1] || [a, b];
    made += `Q${a} ${b} ${(a + c) / 2} ${(b + d) / 2}`;
  });
  return rest.length ? made : `${made}l0.1 0`;
};

const pathOf = ({ ink, points }) => {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", ink);
  path.setAttribute("d", line(points));
  return path;
};

const drawAll = (at) => {
  const known = strokes.get(at) || [];
  layerOf(slides[at]).replaceChildren(...known.map(pathOf));
};

const pointOf = (event) => {
  const box = slides[state.at].getBoundingClientRect();
  const x = ((event.clientX - box.left) * WIDTH) / box.width;
  const y = ((event.clientY - box.top) * HEIGHT) / box.height;
  return [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
};

const changed = () => {
  keepStrokes();
  for (const tell of whenMoved) tell();
};

const erase = ([x, y]) => {
  const known = strokes.get(state.at) || [];
  const isNear = ({ points }) => points.some(([a, b]) => Math.hypot(a - x, b - y) < REACH);
  const left = known.filter((stroke) => !isNear(stroke));
  if (left.length === known.length) return;
  strokes.set(state.at, left);
  drawAll(state.at);
};

const drawing = () => root.classList.contains("drawing") && !isOverview();

deck.addEventListener("pointerdown", (event) => {
  if (!drawing() || event.button !== 0) return;
  event.preventDefault();
  const layer = layerOf(slides[state.at]);
  layer.setPointerCapture(event.pointerId);
  pen.stroke = { ink: pen.ink, points: [pointOf(event)] };
  if (pen.ink === "eraser") return erase(pen.stroke.points[0]);
  layer.append(pathOf(pen.stroke));
});
deck.addEventListener("pointermove", (event) => {
  if (!pen.stroke) return;
  const point = pointOf(event);
  if (pen.stroke.ink === "eraser") return erase(point);
  const [x, y] = pen.stroke.points.at(-1);
  if (Math.hypot(x - point[0], y - point[1]) < 2) return;
  pen.stroke.points.push(point);
  layerOf(slides[state.at]).lastChild.setAttribute("d", line(pen.stroke.points));
});
const lift = () => {
  if (!pen.stroke) return;
  if (pen.stroke.ink !== "eraser") {
    strokes.set(state.at, [...(strokes.get(state.at) || []), pen.stroke]);
  }
  pen.stroke = null;
  changed();
};
deck.addEventListener("pointerup", lift);
deck.addEventListener("pointercancel", lift);

const choose = (ink) => {
  pen.ink = ink;
  for (const button of pens.querySelectorAll("[data-ink]")) {
    button.setAttribute("aria-pressed", String(button.dataset.ink === ink));
  }
};
for (const button of pens.querySelectorAll("[data-ink]")) {
  button.addEventListener("click", () => choose(button.dataset.ink));
}

actions.pen = () => {
  const on = root.classList.toggle("drawing");
  if (on) slides.forEach(layerOf);
  pens.hidden = !on;
  bar.querySelector("[data-do=pen]").setAttribute("aria-pressed", String(on));
  say(on ? "Drawing" : "Drawing has ended");
};
actions.eraser = () => choose(pen.ink === "eraser" ? "red" : "eraser");
actions.undo = () => {
  strokes.set(state.at, (strokes.get(state.at) || []).slice(0, -1));
  drawAll(state.at);
  changed();
};
actions.clear = () => {
  strokes.delete(state.at);
  drawAll(state.at);
  changed();
};
for (const at of strokes.keys()) if (slides[at]) drawAll(at);
