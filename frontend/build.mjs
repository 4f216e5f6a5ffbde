/**
 * Writes static/build/: three style sheets, one icon sprite and one map.
 *
 *   homeward.css  signed-in pages: the parts of Tabler named in styles/homeward.scss + tokens + static/css/*.css
 *   paper.css     signed links, sign-in, error pages: the same look without Tabler, small
 *   phone.css     pages for the barrier: one column, large targets
 *   icons.svg     the Tabler icons named in icons.txt, each a <symbol>
 *   land.svg      borders around the crossings from Natural Earth (public domain), a hundredth of a degree a unit
 *
 * Run as `npm run build`; it does nothing when no input has changed. No option, no bundler, no network.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "build");
const stamp = join(out, ".stamp");
const sheets = ["homeward", "paper", "phone"];

/** Digest over everything that the result depends on. */
function digest() {
  const inputs = [
    ...["package-lock.json", "icons.txt", "build.mjs"].map((name) => join(here, name)),
    ...["styles", "../static/css"].flatMap((folder) =>
      readdirSync(join(here, folder)).sort().map((name) => join(here, folder, name)),
    ),
  ];
  const hash = createHash("sha256");
  for (const path of inputs) hash.update(path.slice(here.length)).update(readFileSync(path));
  return hash.digest("hex");
}

async function buildSheets() {
  const sass = await import("sass");
  for (const name of sheets) {
    const { css } = sass.compile(join(here, "styles", `${name}.scss`), {
      style: "compressed",
      loadPaths: [join(here, "node_modules"), join(here, "..")],
      quietDeps: true,
    });
    writeFileSync(join(out, `${name}.css`), css);
  }
}

function buildSprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  const symbols = names.map((name) => {
    const path = join(here, "node_modules", "@tabler", "icons", "icons", "outline", `${name}.svg`);
    if (!existsSync(path)) {
      console.error(`frontend/icons.txt names "${name}", which Tabler does not have. See https://tabler.io/icons.`);
      process.exit(1);
    }
    const shapes = readFileSync(path, "utf8")
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace("</svg>", "")
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "")
      .replace(/\s*\n\s*/g, "")
      .replace(/ \/>/g, "/>");
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  writeFileSync(join(out, "icons.svg"), sprite);
}

/** What the map of the board can show, in degrees: west, south, east, north. */
const region = [44, 34, 90, 57];

async function buildMap() {
  const { feature, mesh } = await import("topojson-client");
  const atlas = JSON.parse(readFileSync(join(here, "node_modules", "world-atlas", "countries-50m.json"), "utf8"));
  const [west, south, east, north] = region;
  const isNear = ([x, y]) => x >= west && x <= east && y >= south && y <= north;
  const within = (value, low, high) => Math.round(Math.min(Math.max(value, low - 1), high + 1) * 100);
  /** A line as a path in relative steps; what lies outside the region is drawn along its edge. */
  const stroke = (line) => {
    const points = line.map(([x, y]) => [within(x, west, east), -within(y, south, north)]);
    const steps = points.slice(1).map(([x, y], i) => [x - points[i][0], y - points[i][1]]);
    return `M${points[0].join(" ")}l${steps.filter(([x, y]) => x || y).join(" ").replaceAll(",", " ")}`;
  };
  const path = (lines) => lines.map(stroke).join("");
  const land = feature(atlas, atlas.objects.countries).features.flatMap(({ geometry }) => {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return polygons.filter(([outline]) => outline.some(isNear)).flat();
  });
  const borders = mesh(atlas, atlas.objects.countries, (one, other) => one !== other).coordinates;
  const near = borders.filter((line) => line.some(isNear));
  const symbols = `<path id="land" vector-effect="non-scaling-stroke" d="${path(land)}"/><path id="borders" vector-effect="non-scaling-stroke" d="${path(near)}" fill="none"/>`;
  writeFileSync(join(out, "land.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols}</svg>`);
}

const current = digest();
if (existsSync(stamp) && readFileSync(stamp, "utf8") === current) {
  console.log("static/build is up to date");
} else {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await buildSheets();
  buildSprite();
  await buildMap();
  writeFileSync(stamp, current);
  console.log(`static/build written: ${sheets.map((name) => `${name}.css`).join(", ")}, icons.svg`);
}
