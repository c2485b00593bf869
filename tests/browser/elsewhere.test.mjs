// What a page asks of other hosts when nothing is set: the images of its own entries and nothing
// else, and nobody is told where the reader is: no request carries a referrer.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { DESKTOP, each, launch, none, visit } from "./chromium.mjs";
import { isRedirect } from "./kinds.mjs";
import { pages, publishExample, publishSeeds, read } from "./sites.mjs";

const sites = [await publishExample(), await publishSeeds()].filter(Boolean);
let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser?.close();
  for (const site of sites) site.close();
});

test("a referrer would be seen", async () => {
  const [site] = sites;
  const context = await browser.newContext();
  const careless = '<img src="https://elsewhere.example/careless.png" alt="">';
  const change = (html) => html.replace("</h1>", `</h1>${careless}`).replaceAll('name="referrer"', 'name="other"');
  const { outside } = await visit(context, `${site.url}index.html`, { change });
  const [image] = outside.filter(({ url }) => url.includes("careless"));
  assert.ok(site.url.startsWith(image.referrer), "the test cannot see referrers");
  await context.close();
});

for (const site of sites) {
  test(`${site.name}: only images of the entries, without a referrer`, async () => {
    const found = [];
    let images = 0;
    const context = await browser.newContext({ viewport: DESKTOP });
    await each(pages(site).filter((file) => !isRedirect(site, file)), async (file) => {
      const { page, outside, messages } = await visit(context, site.url + file);
      // What is lazy comes when it is near.
      const shown = await page.locator("main img").all();
      for (const image of shown) await image.scrollIntoViewIfNeeded();
      if (shown.length) await page.waitForLoadState("networkidle");
      const stored = await page.evaluate(() => [...document.querySelectorAll("main img")].flatMap((image) =>
        [image.src, image.currentSrc]));
      const html = read(site, file);
      for (const { type, url, referrer } of outside) {
        if (type !== "image" || !stored.includes(url)) found.push(`${file}: asks for ${type} ${url}`);
        if (referrer) found.push(`${file}: tells ${url} where the reader is`);
      }
      images += outside.length;
      if (outside.length && !html.includes("<article")) found.push(`${file}: images outside of an entry`);
      found.push(...messages.map((message) => `${file}: ${message}`));
      await page.close();
    });
    await context.close();
    none(found);
    assert.ok(images > 0, "no entry has an image");
    console.log(`${site.name}: ${images} images of entries asked for, none with a referrer`);
  });
}
