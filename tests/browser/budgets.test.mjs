// What a page costs: CSS of at most 12 KB and, search aside, JavaScript of at most 6 KB, both
// compressed as hosts do; no web fonts; nothing moves while a page loads. The figures are printed.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import zlib from "node:zlib";

import { DESKTOP, PHONE, each, launch, none } from "./chromium.mjs";
import { everyKind } from "./kinds.mjs";
import { files, publishKinds, read } from "./sites.mjs";

const CSS_LIMIT = 12 * 1024;
const SCRIPT_LIMIT = 6 * 1024;
/** How long a page may still move after it has loaded, in milliseconds. */
const SETTLES = 400;

const site = await publishKinds();
const kinds = [...everyKind(site)].filter(([, file]) => file);
let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); site.close(); });

const compressed = (file) => zlib.gzipSync(read(site, file), { level: 9 }).length;

/** The files that a page names by a pattern, relative to the site's folder. */
function named(file, pattern) {
  return [...read(site, file).matchAll(pattern)].map(([, link]) => path.posix.join(path.posix.dirname(file), link));
}
const styles = (file) => named(file, /<link rel="?stylesheet"?[^>]*? href="([^":]+)"/g);
const scripts = (file) => named(file, /<script[^>]*? src="([^":]+)"/g);
const bytes = (list) => [...new Set(list)].reduce((sum, file) => sum + compressed(file), 0);
const KB = (size) => `${(size / 1024).toFixed(2)} KB`;

test("CSS and JavaScript stay small", () => {
  const search = kinds.find(([kind]) => kind === "search")?.[1];
  const everywhere = kinds.filter(([, file]) => file !== search && file !== "404.html").map(([, file]) => file);
  const all = { css: [...new Set(everywhere.flatMap(styles))], js: [...new Set(everywhere.flatMap(scripts))] };
  for (const file of [...all.css, ...all.js]) console.log(`${file}: ${KB(compressed(file))}`);
  console.log(`all pages but search: CSS ${KB(bytes(all.css))} of 12, JavaScript ${KB(bytes(all.js))} of 6`);
  assert.ok(bytes(all.css) <= CSS_LIMIT, `CSS of ${KB(bytes(all.css))}`);
  assert.ok(bytes(all.js) <= SCRIPT_LIMIT, `JavaScript of ${KB(bytes(all.js))}`);
  assert.ok(all.css.length > 0, "no stylesheet was found");
  if (search) {
    console.log(`${search}: CSS ${KB(bytes(styles(search)))}, JavaScript of the page ${KB(bytes(scripts(search)))}`);
    assert.ok(bytes(styles(search)) <= CSS_LIMIT, "CSS of the search page");
  }
});

test("no web fonts", () => {
  assert.deepEqual(files(site, ".woff", ".woff2", ".ttf", ".otf", ".eot"), []);
  for (const style of files(site, ".css")) assert.doesNotMatch(read(site, style), /@font-face|@import/, style);
});

for (const [name, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
  test(`nothing moves while a page loads, ${name}`, async () => {
    const found = [];
    const context = await browser.newContext({ viewport });
    // The shift that a reader's own clicks cause does not count; here nobody clicks.
    await context.addInitScript(() => {
      globalThis.moved = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const what = entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.textContent?.slice(0, 40));
          globalThis.moved.push(`${entry.value.toFixed(4)}: ${what.join(" | ")}`);
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    // What the images of stored texts do is not of our making.
    await context.route(/\.(png|jpe?g|gif|webp)/, (route) => route.abort());
    await each(kinds.filter(([kind]) => kind !== "redirect"), async ([kind, file]) => {
      const page = await context.newPage();
      await page.goto(site.url + file, { waitUntil: "networkidle" });
      await page.waitForTimeout(SETTLES);
      const moved = await page.evaluate(() => globalThis.moved);
      found.push(...moved.map((shift) => `${kind} (${file}): ${shift}`));
      await page.close();
    });
    await context.close();
    none(found);
    console.log(`${name}: layout shift 0 on ${kinds.length - 1} kinds of pages`);
  });
}
