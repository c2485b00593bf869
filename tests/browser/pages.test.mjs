// Every page of the example archive and of the real snapshots, in the Nu HTML Checker and in
// Chromium: valid, without errors in the console, within the policy that it carries, as wide as
// the screen and no wider, on a phone and a desktop, in light and dark, from a server and a disk.
//
// SHOTS=folder keeps a picture of each page.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";
import vnu from "vnu-jar";

import { pages, publishAll } from "./sites.mjs";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const shots = process.env.SHOTS;
const VIEWS = [
  { name: "phone-light", viewport: { width: 360, height: 740 }, colorScheme: "light" },
  { name: "phone-dark", viewport: { width: 360, height: 740 }, colorScheme: "dark" },
  { name: "desktop-light", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { name: "desktop-dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
];

const sites = await publishAll();
let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
after(async () => {
  await browser?.close();
  for (const site of sites) site.close();
});

/** A page that loads nothing from elsewhere and notes what goes wrong. */
async function open(context, url) {
  const page = await context.newPage();
  const problems = [];
  const outside = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // Images of stored texts are not loaded here, on purpose.
    if (message.type() === "error" && !message.text().includes("net::ERR_FAILED")) problems.push(message.text());
  });
  const own = new URL(url);
  await page.route("**/*", (route) => {
    const target = new URL(route.request().url());
    if (target.protocol === own.protocol && target.host === own.host) return route.continue();
    outside.push(`${route.request().resourceType()} ${target}`);
    return route.abort();
  });
  const response = await page.goto(url, { waitUntil: "load" });
  if (own.protocol === "http:") assert.equal(response.status(), 200, url);
  return { page, problems, outside };
}

for (const site of sites) {
  describe(site.name, () => {
    const all = pages(site);

    test("every page is valid HTML", () => {
      const files = all.map((file) => path.join(site.folder, file));
      const run = spawnSync("java", ["-Xss8m", "-jar", String(vnu), "--errors-only", "--format", "text", ...files], {
        encoding: "utf8", maxBuffer: 1 << 28,
      });
      assert.equal(run.error, undefined);
      assert.equal(run.status, 0, run.stderr);
      console.log(`${site.name}: ${files.length} pages are valid`);
    });

    for (const view of VIEWS) {
      test(`every page fits, ${view.name}`, async () => {
        const context = await browser.newContext(view);
        try {
          for (const file of all) {
            if (fs.readFileSync(path.join(site.folder, file), "utf8").includes('http-equiv="refresh"')) continue;
            const { page, problems, outside } = await open(context, site.url + file);
            assert.deepEqual(problems, [], file);
            assert.deepEqual(outside.filter((request) => !/^(image|media) /.test(request)), [], file);
            const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
            assert.ok(wide <= screen, `${file} is ${wide} wide on a screen of ${screen}`);
            if (shots) {
              const name = `${site.name}-${view.name}-${file.replaceAll("/", "_")}.png`;
              await page.screenshot({ path: path.join(shots, name), fullPage: true });
            }
            await page.close();
          }
        } finally {
          await context.close();
        }
      });
    }

    test("the same bytes work from a disk", async () => {
      const context = await browser.newContext(VIEWS[2]);
      const { page, problems } = await open(context, pathToFileURL(path.join(site.folder, "index.html")).href);
      const style = await page.evaluate(() => getComputedStyle(document.body).maxWidth);
      assert.notEqual(style, "none", "the stylesheet is not there");
      await page.click("h3 ~ .meta .permalink");
      assert.ok(await page.isVisible("article h1"));
      await page.click("header.site .name a");
      assert.ok(await page.isVisible(".counts"));
      assert.deepEqual(problems, []);
      await context.close();
    });
  });
}

describe("the example archive", () => {
  const [site] = sites;

  test("a redirect leads to the permalink", async () => {
    const redirect = pages(site).find((file) =>
      fs.readFileSync(path.join(site.folder, file), "utf8").includes('http-equiv="refresh"'));
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(site.url + redirect);
    await page.waitForSelector(".h-entry");
    assert.notEqual(page.url(), site.url + redirect);
    await context.close();
  });

  test("what is not there is met by a page that helps, at any depth", async () => {
    const context = await browser.newContext(VIEWS[2]);
    const page = await context.newPage();
    const response = await page.goto(`${site.url}no/such/page.html`);
    assert.equal(response.status(), 404);
    await page.click("main a");
    assert.equal(page.url(), `${site.url}index.html`);
    await context.close();
  });

  test("the keyboard reaches the content first", async () => {
    const context = await browser.newContext(VIEWS[2]);
    const { page } = await open(context, `${site.url}index.html`);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    await page.keyboard.press("Enter");
    assert.equal(new URL(page.url()).hash, "#content");
    await context.close();
  });

  test("light and dark differ, without a script", async () => {
    const colours = [];
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ colorScheme, javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(`${site.url}index.html`);
      colours.push(await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor));
      await context.close();
    }
    assert.notEqual(colours[0], colours[1]);
  });
});
