// One picture: what it was, what became of it, and the work in between.

import { EngineError, compress } from "./engine.js";
import { draw, measure } from "./curve.js";
import { addExports, showPalette } from "./palette.js";
import { toQuery } from "./settings.js";
import { viewer } from "./viewer.js";

const LARGE_PIXELS = 2_000_000; // from here on a small copy is shown first
const PREVIEW_SIDE = 800;
const PATIENCE = 500; // milliseconds until work that is out of date is ended rather than awaited

const EXTENSIONS = { "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/tiff": "tiff", "image/bmp": "bmp", "image/jpeg": "jpg", "image/avif": "avif" };

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

export class Picture {
  constructor(file, settings, page) {
    this.file = file;
    this.settings = settings;
    this.page = page;
    this.version = 0; // of the settings; an answer to an older one is not shown
    this.card = document.querySelector("#picture").content.firstElementChild.cloneNode(true);
    this.card.querySelector("h2").textContent = file.name;
    const original = this.card.querySelector(".original");
    original.alt = `${file.name}, as it was`;
    original.src = URL.createObjectURL(file);
    original.addEventListener("error", () => (original.hidden = true)); // a format that browsers do not show
    this.card.querySelector(".select").addEventListener("click", () => page.select(this));
    this.card.querySelector(".remove").addEventListener("click", () => page.remove(this));
    this.card.querySelector(".curve").addEventListener("toggle", () => this.showCurve());
    viewer(this.card);
    addExports(this.card, () => new Blob([this.bytes]), page.save, (error) => this.complain(error));
  }

  get name() {
    const stem = this.file.name.replace(/\.[^.]*$/, "");
    return `${stem}-fewcolors.${EXTENSIONS[this.report.media_type] ?? "bin"}`;
  }

  // Takes other settings. One request runs at a time; the newest settings are what counts.
  change(settings) {
    this.settings = settings;
    this.version += 1;
    this.curve = undefined;
    if (!this.running) this.running = this.work().finally(() => (this.running = undefined));
    else if (performance.now() - this.started > PATIENCE) this.ended?.abort();
    return this.running;
  }

  async work() {
    this.card.classList.add("busy");
    for (let done = -1; done !== this.version;) {
      done = this.version;
      this.ended = new AbortController();
      this.started = performance.now();
      try {
        if (await this.isLarge()) await this.attempt(await this.smallCopy(), done, true);
        if (done === this.version) await this.attempt(this.file, done, false);
      } catch (error) {
        if (error.name !== "AbortError" && done === this.version) this.complain(error);
      }
    }
    this.card.classList.remove("busy");
  }

  async attempt(file, version, isPreview) {
    const query = toQuery(this.settings);
    if (isPreview) Object.assign(query, { effort: "fast" });
    if (isPreview && query.max_bytes) return; // a small copy says nothing of a size
    const { bytes, report } = await compress(file, query, this.ended.signal);
    if (version !== this.version) return;
    this.show(bytes, report, isPreview);
  }

  async show(bytes, report, isPreview) {
    const image = this.card.querySelector(".result");
    URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(new Blob([bytes], { type: report.media_type }));
    image.alt = `${this.file.name}, compressed`;
    this.card.querySelector(".error").textContent = "";
    this.card.dataset.state = isPreview ? "preview" : "done";
    if (isPreview) {
      this.card.querySelector(".figures").textContent = "A preview; the whole picture follows.";
      return;
    }
    this.bytes = bytes;
    this.report = report;
    const saved = Math.round(100 * (1 - report.bytes_out / report.bytes_in));
    const score = report.score === null ? "" : `; score ${report.is_estimate ? "about " : ""}${report.score.toFixed(1)}, with these colours at most ${report.ceiling.toFixed(1)}`;
    const text = `${kilobytes(report.bytes_in)} → ${kilobytes(report.bytes_out)} (${saved} % saved); ${report.n_colors} colours${score}`;
    this.card.querySelector(".figures").textContent = text;
    this.card.querySelector(".note").textContent = report.is_original ? "Not smaller, so this is the original." : (report.note ?? "");
    showPalette(this.card, report.palette, this.page.announce);
    const link = this.card.querySelector(".download");
    URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([bytes], { type: report.media_type }));
    link.download = this.name;
    link.textContent = `Download ${this.name}`;
    link.hidden = false;
    this.page.announce(`${this.file.name}: ${text}`);
    this.page.changed();
    this.showCurve();
  }

  async showCurve() {
    const details = this.card.querySelector(".curve");
    if (!details.open || !this.report || this.report.score === null) return;
    const version = this.version;
    try {
      this.measured ??= await measure(this.file, toQuery(this.settings));
      if (version !== this.version) return;
      const chosen = { score: this.report.score, bytes: this.report.bytes_out };
      draw(details, this.measured, chosen, (quality) => this.page.aim(this, quality));
    } catch (error) {
      this.complain(error);
    }
  }

  complain(error) {
    const text = error instanceof EngineError ? error.message : `The page failed: ${error.message}`;
    this.card.dataset.state = "failed";
    this.card.querySelector(".error").textContent = text;
    if (error.needsKey) this.page.askForKey();
  }

  async isLarge() {
    this.bitmapSize ??= await createImageBitmap(this.file).then((bitmap) => {
      const size = [bitmap.width, bitmap.height];
      bitmap.close();
      return size;
    }).catch(() => [0, 0]);
    return this.bitmapSize[0] * this.bitmapSize[1] > LARGE_PIXELS;
  }

  async smallCopy() {
    if (this.copy) return this.copy;
    const factor = PREVIEW_SIDE / Math.max(...this.bitmapSize);
    const [width, height] = this.bitmapSize.map((side) => Math.max(1, Math.round(side * factor)));
    const bitmap = await createImageBitmap(this.file, { resizeWidth: width, resizeHeight: height, resizeQuality: "medium" });
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    this.copy = await canvas.convertToBlob({ type: "image/png" });
    return this.copy;
  }

  free() {
    this.version += 1;
    this.ended?.abort();
    for (const image of this.card.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.card.remove();
  }
}
