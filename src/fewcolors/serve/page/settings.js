// The form, the address and the engine's query: one choice in three shapes.

const DEFAULTS = {
  aim: "quality", quality: "75", colors: "32", kilobytes: "50",
  method: "perceptual", dither: "size-aware", effort: "balanced", format: "",
};

const form = document.querySelector("#settings");

export function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const settings = { ...DEFAULTS };
  for (const name of Object.keys(DEFAULTS)) if (given.has(name)) settings[name] = given.get(name);
  show(settings); // the form drops what does not exist
  return fromForm();
}

export function toAddress(settings) {
  const changed = Object.entries(settings).filter(([name, value]) => value !== DEFAULTS[name]);
  history.replaceState(null, "", `#${new URLSearchParams(changed)}`);
}

export function fromForm() {
  return Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, form.elements[name].value || DEFAULTS[name]]));
}

export function show(settings) {
  for (const [name, value] of Object.entries(settings)) {
    form.elements[name].value = value;
    if (form.elements[name].value === "" && name !== "format") form.elements[name].value = DEFAULTS[name];
  }
  tidy();
}

// Shows the rows that the aim needs, and the numbers of the sliders.
export function tidy() {
  for (const row of form.querySelectorAll("[data-for]")) row.hidden = row.dataset.for !== form.elements.aim.value;
  for (const name of ["quality", "colors"]) form.querySelector(`#${name}-shown`).textContent = form.elements[name].value;
  const classic = form.elements.method.value === "classic";
  for (const option of form.elements.aim.options) option.disabled = classic && option.value === "quality";
  if (classic && form.elements.aim.value === "quality") {
    form.elements.aim.value = "colors";
    tidy();
  }
}

export function toQuery(settings) {
  const { aim, method, dither, effort, format } = settings;
  const query = { method, dither, effort, again: "true" };
  if (format) query.format = format;
  if (aim === "quality") query.quality = settings.quality;
  if (aim === "colors") query.colors = settings.colors;
  if (aim === "bytes") query.max_bytes = Math.max(1, Math.round(1000 * settings.kilobytes));
  return query;
}
