// Every page of the real snapshots on a phone of 320 pixels: no wider than the screen, however
// strangers wrote, and nothing in the console. Where these are not at hand, the example stands in.
//
// SHOTS=folder keeps pictures, of a phone and a desktop in light and dark.

import path from "node:path";
import { after, before, test } from "node:test";

import { VIEWS, each, launch, none, overflow, visit } from "./chromium.mjs";
import { isRedirect } from "./kinds.mjs";
import { pages, publishExample, publishSeeds } from "./sites.mjs";

const shots = process.env.SHOTS;
const site = await publishSeeds() ?? await publishExample();
const views = VIEWS.filter(({ name }) => name.endsWith("with scripts") && (shots || name.startsWith("phone, light")));
let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); site.close(); });

for (const view of views) {
  test(`every page of ${site.name} fits, ${view.name}`, async () => {
    const found = [];
    const files = pages(site).filter((file) => !isRedirect(site, file));
    const context = await browser.newContext(view.options);
    await each(files, async (file) => {
      const { page, messages } = await visit(context, site.url + file);
      found.push(...[...messages, ...await overflow(page)].map((problem) => `${file}: ${problem}`));
      if (shots) {
        const name = `${site.name}-${view.name}-${file}`.replaceAll(/[^\w.]+/g, "-");
        await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
      }
      await page.close();
    });
    await context.close();
    none(found);
    console.log(`${site.name}: ${files.length} pages fit`);
  });
}
