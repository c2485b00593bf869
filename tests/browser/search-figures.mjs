// What a first search costs a reader: requests and bytes, over a server that compresses and caches
// as GitHub Pages does.
//
// node search-figures.mjs FOLDER [WORD…]: a built site; words, the first of them typed on a fresh
// page.

import { chromium } from "playwright-core";

import { launch, open, serve } from "./search-site.mjs";

const [folder, ...words] = process.argv.slice(2);
const site = await serve(folder);
const browser = await chromium.launch(launch);
const { page } = await open(browser, `${site.url}search.html`);
await page.waitForTimeout(500);

function tell(what) {
  const requests = site.requests.splice(0);
  const kinds = {};
  for (const [file, bytes] of requests) {
    const kind = file.startsWith("pagefind/") ? file.replace(/^.*\/(core|fragment|index|filter)\/.*$/, "$1").replace(/^pagefind\/.*$/, "entry and meta") : "page";
    kinds[kind] = kinds[kind] ?? [0, 0];
    kinds[kind][0] += 1;
    kinds[kind][1] += bytes;
  }
  const bytes = requests.reduce((sum, [, length]) => sum + length, 0);
  console.log(`${what}: ${requests.length} requests, ${bytes} bytes`);
  for (const [kind, [count, sum]] of Object.entries(kinds)) console.log(`  ${kind}: ${count}, ${sum} bytes`);
}

tell("the page itself");
for (const word of words) {
  const start = performance.now();
  await page.fill("#g-words", word);
  await page.waitForFunction((q) => new URL(location.href).searchParams.get("q") === q
    && /\.$/.test(document.getElementById("g-status").textContent), word);
  const time = Math.round(performance.now() - start);
  tell(`“${word}” (${await page.locator("#g-status").innerText()} ${time} ms)`);
}
await browser.close();
site.close();
