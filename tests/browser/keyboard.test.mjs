// What the pages can do beyond links, and what they do without it. The choice of light or dark
// goes round, is kept, and never flashes; keys lead from entry to entry, to the search and to a
// help, stay out of the way of whoever types, and can be turned off (WCAG 2.1.4). Without scripts
// there is no button that does nothing, light and dark follow the system, and Tab reaches all.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { DESKTOP, launch, none, PHONE, visit } from "./chromium.mjs";
import { everyKind } from "./kinds.mjs";
import { publishKinds } from "./sites.mjs";

const site = await publishKinds();
const kinds = everyKind(site);
const home = `${site.url}index.html`;
let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); site.close(); });

/** A test with a page of its own, at the end of which the console must be empty. */
function on(name, { url = home, scripts = true, ...options }, check) {
  test(name, async () => {
    const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: "reduce", ...options });
    try {
      const visited = await visit(context, url, { scripts });
      await check(visited.page, context);
      none(visited.messages);
    } finally {
      await context.close();
    }
  });
}

const toggle = (page) => page.getByRole("button", { name: /colou?r|theme|dark|light|appearance/i }).first();
const chosen = (page) => page.evaluate(() => document.documentElement.dataset.theme ?? "auto");
const paper = (page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor
  + getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color);
/** Which entry of the page has the focus; -1 for none. */
const focused = (page) => page.evaluate(() =>
  [...document.querySelectorAll("main .h-entry")].findIndex((entry) => entry.contains(document.activeElement)));
const inSearch = (page) => page.evaluate(() => document.activeElement.matches('input[type="search"]'));
const help = (page) => page.locator("dialog[open]");

on("the toggle goes round: automatic, and both others, and back", {}, async (page) => {
  const seen = [await chosen(page)];
  for (let press = 0; press < 3; press += 1) {
    const before = await toggle(page).getAttribute("aria-label") ?? await toggle(page).textContent();
    await toggle(page).click();
    seen.push(await chosen(page));
    const after = await toggle(page).getAttribute("aria-label") ?? await toggle(page).textContent();
    const pressed = await toggle(page).getAttribute("aria-pressed");
    assert.ok(before !== after || pressed !== null, "a screen reader hears no difference");
  }
  assert.deepEqual([seen[0], seen[3]], ["auto", "auto"]);
  assert.deepEqual(seen.slice(1, 3).sort(), ["dark", "light"]);
});

for (const [system, choice] of [["light", "dark"], ["dark", "light"]]) {
  on(`${choice} by choice on a ${system} system survives a reload, without a flash`, { colorScheme: system }, async (page, context) => {
    const asSystem = await paper(page);
    for (let press = 0; await chosen(page) !== choice && press < 3; press += 1) await toggle(page).click();
    const asChosen = await paper(page);
    assert.notEqual(asChosen, asSystem);
    // Before anything can be drawn: when `body` begins, the choice must be made.
    await context.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.body) return;
        globalThis.atFirst = document.documentElement.dataset.theme;
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    for (const url of [home, site.url + kinds.get("entry with text")]) {
      await page.goto(url);
      assert.equal(await page.evaluate(() => globalThis.atFirst), choice, `${url} flashes`);
      assert.equal(await paper(page), asChosen);
    }
    // The same colours as where the system prefers them.
    const other = await browser.newContext({ viewport: DESKTOP, colorScheme: choice });
    const { page: preferred } = await visit(other, page.url());
    assert.equal(await paper(preferred), asChosen);
    await other.close();
  });
}

on("light and dark differ without scripts, and there is no toggle", { scripts: false }, async (page) => {
  const light = await paper(page);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.notEqual(await paper(page), light);
  assert.equal(await page.locator("button:visible:not([type=submit]):not(form button)").count(), 0);
});

for (const [kind, file] of [["home", "index.html"], ["tag", kinds.get("tag")]]) {
  on(`j and k go from entry to entry: ${kind}`, { url: site.url + file }, async (page) => {
    const walk = [];
    for (const key of ["j", "j", "k"]) {
      await page.keyboard.press(key);
      walk.push(await focused(page));
    }
    assert.deepEqual(walk, [0, 1, 0]);
    const last = await page.locator("main .h-entry").count() - 1;
    for (let step = 0; step < last + 2; step += 1) await page.keyboard.press("j");
    assert.equal(await focused(page), last, "the last entry is the end");
    const seen = await page.evaluate(() => {
      const { top, bottom } = document.activeElement.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight ? "" : `from ${top} to ${bottom} of ${innerHeight}`;
    });
    assert.equal(seen, "", "the focused entry is in sight");
  });
}

on("a slash goes to the search, and Escape closes the help that a question mark opens", {}, async (page) => {
  await page.keyboard.press("?");
  assert.ok(await help(page).isVisible());
  assert.ok(await page.evaluate(() => document.querySelector("dialog[open]").contains(document.activeElement)),
    "the focus is in the help");
  await page.keyboard.press("Escape");
  assert.equal(await help(page).count(), 0);
  await page.keyboard.press("/");
  assert.ok(await inSearch(page));
  // Who types, types.
  await page.keyboard.type("jk?/h");
  assert.equal(await page.evaluate(() => document.activeElement.value), "jk?/h");
  assert.equal(await help(page).count(), 0);
});

on("a slash leads to the search from an entry, too", { url: site.url + kinds.get("entry with text") }, async (page) => {
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement.matches('input[type="search"]'), undefined, { timeout: 5000 });
});

on("keys with a modifier are the browser's", {}, async (page) => {
  for (const key of ["Control+j", "Alt+j", "Meta+j"]) {
    await page.keyboard.press(key);
    assert.equal(await focused(page), -1, key);
  }
});

on("the keys can be turned off, and stay so", {}, async (page) => {
  await page.keyboard.press("?");
  await help(page).getByRole("checkbox").or(help(page).getByRole("switch")).first().click();
  await page.keyboard.press("Escape");
  for (const fresh of [false, true]) {
    if (fresh) await page.reload();
    await page.keyboard.press("j");
    assert.equal(await focused(page), -1, fresh ? "after a reload" : "at once");
  }
});

on("the pages work where nothing can be stored", { url: home }, async (page, context) => {
  await context.addInitScript(() => {
    Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
  });
  await page.reload();
  await toggle(page).click();
  assert.notEqual(await chosen(page), "auto");
});

on("the same from a disk", { url: `${pathToFileURL(site.folder).href}/index.html` }, async (page) => {
  await toggle(page).click();
  assert.notEqual(await chosen(page), "auto");
  await page.keyboard.press("j");
  assert.equal(await focused(page), 0);
});

for (const [name, viewport] of [["phone", PHONE], ["desktop", DESKTOP]]) {
  on(`Tab reaches the content first, ${name}`, { viewport, scripts: false }, async (page) => {
    await page.keyboard.press("Tab");
    const { href, seen } = await page.evaluate(() => {
      const box = document.activeElement.getBoundingClientRect();
      return { href: document.activeElement.getAttribute("href"), seen: box.top >= 0 && box.left >= 0 && box.width > 1 };
    });
    assert.match(href, /^#/);
    assert.ok(seen, "the link is shown when it has the focus");
    await page.keyboard.press("Enter");
    assert.equal(new URL(page.url()).hash, href);
    assert.ok(await page.evaluate((id) => document.querySelector(id).matches("main, main *"), href));
  });
}
