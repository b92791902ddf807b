// The colours of a result: a click copies one, and files hold them all.

import { PALETTE_FORMATS, paletteFile } from "./engine.js";

export function showPalette(card, colors, announce) {
  const list = card.querySelector(".swatches");
  card.querySelector(".palette summary").textContent = `Palette: ${colors.length}`;
  list.replaceChildren(...colors.map(({ color, share }) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const patch = document.createElement("i");
    patch.style.background = color;
    button.type = "button";
    button.title = `Copy ${color}`;
    button.append(patch, `${color} ${(100 * share).toFixed(1)}%`);
    button.addEventListener("click", async () => {
      await navigator.clipboard?.writeText(color).catch(() => {});
      announce(`${color} copied`);
    });
    item.append(button);
    return item;
  }));
}

export function addExports(card, result, save, complain) {
  const row = card.querySelector(".exports");
  row.append(...PALETTE_FORMATS.map((format) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `.${format}`;
    button.setAttribute("aria-label", `Save the palette as .${format}`);
    button.addEventListener("click", async () => {
      try {
        save(await paletteFile(result(), format), `palette.${format}`);
      } catch (error) {
        complain(error);
      }
    });
    return button;
  }));
}
