// Original and result under one divider; both zoom and pan in step.

const ZOOM_STEP = 2;
const MOST_ZOOM = 64;

export function viewer(card) {
  const box = card.querySelector(".viewer");
  const panes = card.querySelector(".panes");
  const range = card.querySelector(".divider input");
  let zoom = 1, x = 0, y = 0;

  function divide(percent) {
    range.value = percent;
    panes.style.setProperty("--at", `${range.value}%`);
  }

  function apply() {
    const limit = (side) => (side * (zoom - 1)) / 2;
    x = Math.max(-limit(box.clientWidth), Math.min(limit(box.clientWidth), x));
    y = Math.max(-limit(box.clientHeight), Math.min(limit(box.clientHeight), y));
    for (const image of card.querySelectorAll(".panes img")) {
      image.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
    }
    panes.classList.toggle("zoomed", zoom > 1);
  }

  function zoomBy(factor, atX = 0, atY = 0) {
    const next = Math.max(1, Math.min(MOST_ZOOM, zoom * factor));
    x = atX - ((atX - x) * next) / zoom;
    y = atY - ((atY - y) * next) / zoom;
    zoom = next;
    apply();
  }

  function follow(element, move) {
    element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      event.stopPropagation();
      element.setPointerCapture(event.pointerId);
      const stop = new AbortController();
      element.addEventListener("pointermove", move, { signal: stop.signal });
      for (const end of ["pointerup", "pointercancel"]) {
        element.addEventListener(end, () => stop.abort(), { signal: stop.signal });
      }
    });
  }

  follow(card.querySelector(".line"), (event) => {
    const { left, width } = box.getBoundingClientRect();
    divide((100 * (event.clientX - left)) / width);
  });
  follow(box, (event) => {
    x += event.movementX;
    y += event.movementY;
    apply();
  });
  range.addEventListener("input", () => divide(range.value));
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && zoom === 1) return; // the page scrolls
    event.preventDefault();
    const { left, top, width, height } = box.getBoundingClientRect();
    const factor = event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP;
    zoomBy(factor, event.clientX - left - width / 2, event.clientY - top - height / 2);
  }, { passive: false });
  card.querySelector(".zoom-in").addEventListener("click", () => zoomBy(ZOOM_STEP));
  card.querySelector(".zoom-out").addEventListener("click", () => zoomBy(1 / ZOOM_STEP));
  card.querySelector(".zoom-fit").addEventListener("click", () => zoomBy(0));
  divide(50);
}
