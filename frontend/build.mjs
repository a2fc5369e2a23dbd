// Bundles what the browser gets. Usage: node build.mjs OUT — OUT/manifest.json names the results.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import * as sass from "sass";

const out = path.resolve(process.argv[2] ?? "dist");
// Only what an earlier build made is thrown away, whatever folder is named.
if (fs.existsSync(path.join(out, "manifest.json"))) fs.rmSync(out, { recursive: true });
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);

// Tabler comes as Sass; only the parts that styles/tabler.scss names are compiled.
const scss = {
  name: "scss",
  setup(bundler) {
    bundler.onLoad({ filter: /\.scss$/ }, ({ path: file }) => {
      const made = sass.compile(file, {
        loadPaths: [path.join(here, "node_modules")],
        quietDeps: true,
        style: "compressed",
      });
      return { contents: made.css, loader: "css", resolveDir: path.dirname(file) };
    });
  },
};

function sprite() {
  const names = JSON.parse(fs.readFileSync(path.join(here, "icons.json"), "utf8"));
  const symbols = Object.entries(names).map(([name, icon]) => {
    const file = path.join(here, "node_modules/@tabler/icons/icons/outline", `${icon}.svg`);
    const inner = fs.readFileSync(file, "utf8").replace(/^[\s\S]*?<svg[\s\S]*?>|<\/svg>\s*$/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/g, "").trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

function hashed(name, content) {
  const hash = BigInt(`0x${createHash("sha256").update(content).digest("hex")}`);
  const [stem, ending] = name.split(".");
  const file = `${stem}-${hash.toString(36).toUpperCase().slice(0, 8)}.${ending}`;
  fs.writeFileSync(path.join(out, file), content);
  return file;
}

const result = await build({
  absWorkingDir: here,
  entryPoints: { app: "app.js", style: "style.css" },
  plugins: [scss],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outdir: out,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  metafile: true,
  logLevel: "warning",
});

const manifest = {
  "icons.svg": hashed("icons.svg", sprite()),
  "mark.svg": hashed("mark.svg", fs.readFileSync(path.join(here, "mark.svg"))),
};
for (const [file, made] of Object.entries(result.metafile.outputs)) {
  const name = path.basename(file);
  if (made.entryPoint) manifest[made.entryPoint] = name;
  else if (name.startsWith("inter-latin-wght")) manifest["inter.woff2"] = name;
}
fs.writeFileSync(path.join(out, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
