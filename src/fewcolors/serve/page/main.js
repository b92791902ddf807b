// The page: pictures, of which one is selected, and the settings of that one.

import { useKey } from "./engine.js";
import { onPictures } from "./incoming.js";
import { Picture } from "./picture.js";
import { fromAddress, fromForm, show, tidy, toAddress } from "./settings.js";
import { zip } from "./zip.js";

const form = document.querySelector("#settings");
const list = document.querySelector("#pictures");
const status = document.querySelector("#status");
const all = document.querySelector("#download-all");

const AT_A_TIME = 2; // pictures of a folder that are sent at once

let pictures = [];
let selected;
let settings = fromAddress();

const page = {
  announce(text) {
    status.textContent = text;
  },

  select(picture) {
    selected = picture;
    for (const one of pictures) {
      one.card.classList.toggle("selected", one === picture);
      one.card.querySelector(".select").setAttribute("aria-pressed", String(one === picture));
    }
    if (picture) {
      settings = picture.settings;
      show(settings);
      toAddress(settings);
    }
  },

  remove(picture) {
    picture.free();
    pictures = pictures.filter((one) => one !== picture);
    if (selected === picture) page.select(pictures[0]);
    page.changed();
  },

  changed() {
    all.disabled = !pictures.some((picture) => picture.bytes);
  },

  // Makes a quality the aim of a picture, as its curve asks for.
  aim(picture, quality) {
    page.select(picture);
    form.elements.method.value = "perceptual";
    form.elements.aim.value = "quality";
    form.elements.quality.value = quality;
    takeForm();
  },

  save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  },

  askForKey() {
    document.querySelector("#key-row").hidden = false;
    form.elements.key.focus();
  },
};

function takeForm() {
  tidy();
  settings = fromForm();
  toAddress(settings);
  selected?.change(settings);
}

async function inTurn(some) {
  const waiting = [...some];
  const lane = async () => {
    for (let next; (next = waiting.shift());) await next.change(next.settings);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
}

onPictures((files) => {
  const added = files.map((file) => new Picture(file, settings, page));
  pictures.push(...added);
  list.append(...added.map((picture) => picture.card));
  if (!selected && added.length) page.select(added[0]);
  page.announce(`${added.length} added`);
  inTurn(added);
});

form.addEventListener("input", (event) => {
  if (event.target.name === "key") return;
  takeForm();
});
form.addEventListener("submit", (event) => event.preventDefault());
form.elements.key.addEventListener("change", () => {
  useKey(form.elements.key.value);
  inTurn(pictures.filter((picture) => picture.card.dataset.state === "failed"));
});
document.querySelector("#apply-all").addEventListener("click", () => {
  for (const picture of pictures) picture.settings = settings;
  inTurn(pictures.filter((picture) => picture !== selected));
});
all.addEventListener("click", () => {
  const taken = new Set();
  const files = pictures.filter((picture) => picture.bytes).map((picture) => {
    let name = picture.name;
    for (let number = 2; taken.has(name); number++) name = picture.name.replace(/(\.[^.]*)$/, `-${number}$1`);
    taken.add(name);
    return { name, bytes: picture.bytes };
  });
  page.save(zip(files), "fewcolors.zip");
});
