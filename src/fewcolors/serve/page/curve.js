// Bytes against score at several qualities, and the quality that is chosen, which can be dragged.

import { compress } from "./engine.js";

const QUALITIES = [30, 45, 60, 70, 80, 90];
const WIDTH = 400, HEIGHT = 180, LEFT = 52, BOTTOM = 28, RIGHT = 12, TOP = 10;

export async function measure(file, query, signal) {
  const points = [];
  for (const quality of QUALITIES) {
    const { colors, max_bytes, ...rest } = query;
    const { report } = await compress(file, { ...rest, method: "perceptual", effort: "fast", quality }, signal);
    points.push({ quality, score: report.score, bytes: report.bytes_out });
  }
  return points;
}

export function draw(details, points, chosen, choose) {
  const most = Math.max(...points.map((point) => point.bytes), chosen.bytes);
  const x = (score) => LEFT + ((WIDTH - LEFT - RIGHT) * Math.max(0, Math.min(100, score))) / 100;
  const y = (bytes) => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * bytes) / most;
  const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}` });
  svg.append(
    node("path", { d: `M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}`, fill: "none", stroke: "currentColor" }),
    node("polyline", { points: points.map((point) => `${x(point.score)},${y(point.bytes)}`).join(" ") }),
    ...[0, 25, 50, 75, 100].map((score) => node("text", { x: x(score), y: HEIGHT - 10, "text-anchor": "middle" }, score)),
    node("text", { x: LEFT - 4, y: TOP + 8, "text-anchor": "end" }, `${Math.round(most / 1000)} kB`),
    node("text", { x: LEFT - 4, y: HEIGHT - BOTTOM, "text-anchor": "end" }, "0"),
    node("text", { x: LEFT + 6, y: TOP + 8 }, "bytes, at effort fast"),
    node("text", { x: WIDTH - RIGHT, y: HEIGHT - BOTTOM - 6, "text-anchor": "end" }, "score"),
  );
  const dot = node("circle", {
    cx: x(chosen.score), cy: y(chosen.bytes), r: 7, tabindex: 0, role: "slider", "aria-label": "Quality",
    "aria-valuemin": 1, "aria-valuemax": 100, "aria-valuenow": Math.round(chosen.score),
  });
  const wish = (score) => choose(Math.max(1, Math.min(100, Math.round(score))));
  dot.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    dot.setPointerCapture(event.pointerId);
    const follow = (move) => {
      const { left, width } = svg.getBoundingClientRect();
      const at = ((move.clientX - left) * WIDTH) / width;
      dot.setAttribute("cx", Math.max(LEFT, Math.min(WIDTH - RIGHT, at)));
    };
    dot.addEventListener("pointermove", follow);
    dot.addEventListener("pointerup", () => {
      dot.removeEventListener("pointermove", follow);
      wish((100 * (dot.getAttribute("cx") - LEFT)) / (WIDTH - LEFT - RIGHT));
    }, { once: true });
  });
  dot.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    wish(Number(dot.getAttribute("aria-valuenow")) + step);
  });
  svg.append(dot);
  details.querySelector("svg")?.remove();
  details.append(svg);
}

function node(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}
