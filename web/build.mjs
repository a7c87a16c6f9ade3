// The folder `web` -> the files that are served: `node web/build.mjs <empty folder>`.
//
// The rule: the same sources give the same bytes on every machine; no network, no clock. A script's
// or style's name holds the hash of its content, so that it may be kept for ever.

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const PUBLIC_PATH = "/app/";
const web = dirname(fileURLToPath(import.meta.url));
const ENTRIES = { SCRIPT: "src/main.ts", STYLE: "src/page.css", ICON: "src/icon.svg" };

const folder = process.argv[2];
if (folder === undefined) {
  console.error("usage: node web/build.mjs <folder for the built files>");
  process.exit(2);
}
try {
  await buildInto(resolve(folder));
} catch (error) {
  console.error(reasonOf(error));
  process.exit(1);
}

/** Bundle the entries and fill their names into the page. */
async function buildInto(output) {
  const result = await build({
    absWorkingDir: web,
    entryPoints: Object.values(ENTRIES),
    outdir: output,
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".svg": "copy" },
    // A name's hash covers the paths of its sources: a linked node_modules must not change it.
    preserveSymlinks: true,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "eof",
    logLevel: "silent",
    metafile: true,
  });
  const names = namesByEntry(result.metafile, output);
  let html = await readFile(join(web, "src/index.html"), "utf8");
  for (const [placeholder, entry] of Object.entries(ENTRIES)) {
    html = html.replaceAll(`{{${placeholder}}}`, PUBLIC_PATH + names.get(entry));
  }
  await writeFile(join(output, "index.html"), html);
}

/** The built file of each entry point. */
function namesByEntry(metafile, output) {
  const names = new Map();
  for (const [path, made] of Object.entries(metafile.outputs)) {
    const source = made.entryPoint ?? Object.keys(made.inputs)[0];
    names.set(source, relative(output, resolve(web, path)));
  }
  return names;
}

/** One line for whoever runs synth. */
function reasonOf(error) {
  const first = error.errors?.[0];
  if (first === undefined) return String(error.message ?? error);
  const place = first.location ? `${first.location.file}:${first.location.line}: ` : "";
  return place + first.text;
}
