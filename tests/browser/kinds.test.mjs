// Every kind of page, in light and dark, on a phone of 320 pixels and a desktop, with scripts and
// without: axe-core finds nothing, the console stays empty (no error, no violation of the policy),
// nothing is wider than the screen, and no other host is asked for anything: images and embeds
// wait for a click here.
//
// SHOTS=folder keeps a picture of each.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { VIEWS, each, launch, none, overflow, violations, visit } from "./chromium.mjs";
import { everyKind } from "./kinds.mjs";
import { publishKinds } from "./sites.mjs";

const shots = process.env.SHOTS;
/** Longer than axe lets a page wait before it calls the reader back: so a redirect can be looked at. */
const LATER = "99999";

const site = await publishKinds();
const kinds = everyKind(site);
let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); site.close(); });

test("the site has a page of every kind", () => {
  const missing = [...kinds].filter(([, file]) => !file).map(([kind]) => kind);
  assert.deepEqual(missing, []);
});

for (const view of VIEWS) {
  test(`every kind of page, ${view.name}`, async () => {
    const found = [];
    const context = await browser.newContext(view.options);
    await each([...kinds].filter(([, file]) => file), async ([kind, file]) => {
      const wait = (html) => html.replace(/(http-equiv="refresh" content=")0;/, `$1${LATER};`);
      const change = kind === "redirect" ? wait : undefined;
      const visited = await visit(context, site.url + file, { scripts: view.scripts, change });
      const { page, response, messages, outside } = visited;
      const problems = [...messages, ...outside.map(({ type, url }) => `asks for ${type} ${url}`)];
      if (response.status() !== 200) problems.push(`status ${response.status()}`);
      problems.push(...await overflow(page));
      if (shots) await page.screenshot({ path: path.join(shots, picture(kind, view)), fullPage: true });
      problems.push(...await violations(visited));
      found.push(...problems.map((problem) => `${kind} (${file}): ${problem}`));
      await page.close();
    });
    await context.close();
    none(found);
  });
}

const picture = (kind, view) => `${kind}-${view.name}.png`.replaceAll(/[^\w.]+/g, "-");
