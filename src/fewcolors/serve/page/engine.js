// What compresses pictures. The page knows these functions and nothing of who does the work: another
// engine, kernels in WebAssembly for example, takes the place of this file.

export class EngineError extends Error {
  constructor(message, needsKey = false) {
    super(message);
    this.needsKey = needsKey;
  }
}

let key = "";

export function useKey(value) {
  key = value;
}

// compress(file, settings, signal) -> { bytes, report }
//   file: a Blob; settings: what settings.js makes; signal: ends the work.
//   report: media_type, bytes_in, bytes_out, score, ceiling, n_colors, palette, note, ...
export async function compress(file, settings, signal) {
  const answer = await post("/v1/compress", settings, file, signal, "application/json");
  const { data, ...report } = await answer.json();
  const text = atob(data);
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return { bytes, report };
}

export const PALETTE_FORMATS = ["hex", "css", "json", "gpl", "aco", "ase", "png"];

// paletteFile(file, format) -> Blob: the colours of a picture of few colours, as a palette file.
export async function paletteFile(file, format) {
  return (await post("/v1/palette", { colors: 256, format }, file, undefined, "*/*")).blob();
}

async function post(path, query, body, signal, accept) {
  const headers = { Accept: accept, "Content-Type": "application/octet-stream" };
  if (key) headers.Authorization = `Bearer ${key}`;
  let answer;
  try {
    answer = await fetch(`${path}?${new URLSearchParams(query)}`, { method: "POST", headers, body, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new EngineError("The service does not answer. Is it still running?");
  }
  if (answer.ok) return answer;
  const { message } = await answer.json().catch(() => ({ message: `The service answered ${answer.status}.` }));
  throw new EngineError(message, answer.status === 401);
}
