// Search in Chromium: what is found and how it is shown, the keys, the address, the years one
// after the other, where it cannot work, and that it fetches nothing that nobody asked for.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

import { build, launch, open, serve } from "./search-site.mjs";

const ENTRIES = [
  { title: "Bread at home", html: "<p>Knead the dough. Wait. Bake it.</p>", date: "2025-11-02T08:00:00Z", tags: ["baking", "home"] },
  { title: "Brötchen am Sonntag", html: "<p>Die Brötchen meiner Großmutter: Straße für Straße bekannt, in allen Häusern.</p>", date: "2025-06-01T08:00:00Z", tags: ["Backen"] },
  { title: "重新发现订阅", html: "<p>搜索引擎改变了我们阅读的方式。</p>", date: "2025-05-01T08:00:00Z" },
  { title: "東京のパン屋", html: "<p>おいしいパンを焼くサーバーエンジニア。</p>", date: "2025-04-01T08:00:00Z" },
  { title: "An ovens <img src=x onerror=alert(1)>", html: "<p>Literal &lt;mark&gt;ovens&lt;/mark&gt; and &amp;lt;b&amp;gt; & <b>ovens</b>.</p>", date: "2024-03-01T08:00:00Z", tags: ["<b>odd</b>"] },
  { title: "", html: "<p>A short post about a kettle.</p>", date: "2023-02-01T08:00:00Z" },
  { title: "Kettle without a date", html: "<p>Nobody knows when.</p>" },
  ...Array.from({ length: 24 }, (_, n) => ({
    title: `Dough, part ${n + 1}`, html: `<p>More on dough, number ${n}. ${"dough ".repeat(n % 5)}</p>`,
    date: `2022-01-${String(n + 1).padStart(2, "0")}T08:00:00Z`, tags: n % 2 ? ["series"] : ["series", "odd"],
  })),
];

let browser;
let folder;
let site;
before(async () => {
  browser = await chromium.launch(launch);
  folder = build(ENTRIES, '[feeds.shares]\nsharer = "ada"\n');
  site = await serve(folder);
});
after(async () => {
  site?.close();
  await browser?.close();
});

/** Opens the search page with a query, and waits until all is said. */
async function search(query, options) {
  const opened = await open(browser, `${(options?.site ?? site).url}search.html${query}`, options);
  await settled(opened.page);
  return opened;
}

const settled = (page) => page.waitForFunction(() =>
  !/…$/.test(document.getElementById("g-status").textContent)
  && (document.getElementById("g-status").textContent !== "" || !/[?&](q|tag|source|sharer)=./.test(location.search)));
const titles = (page) => page.locator("#g-results h3 a").allInnerTexts();
const status = (page) => page.locator("#g-status").innerText();

/** Types into the field, and waits for the answer. */
async function type(page, words) {
  await page.fill("#g-words", words);
  await page.waitForFunction((q) => (new URL(location.href).searchParams.get("q") ?? "") === q, words);
  await settled(page);
}

describe("what is found", () => {
  test("words, their beginnings and their forms, in any language of the archive", async () => {
    const { page, context, problems } = await search("?q=kneading");
    for (const [query, first] of [
      ["kneading", "Bread at home"],
      ["Brötchen", "Brötchen am Sonntag"],
      ["brotchen", "Brötchen am Sonntag"],
      ["broetchen", "Brötchen am Sonntag"],
      ["BROET", "Brötchen am Sonntag"],
      ["strasse", "Brötchen am Sonntag"],
      ["Straße", "Brötchen am Sonntag"],
      ["Haus", "Brötchen am Sonntag"],
      ["grossmutter sonntag", "Brötchen am Sonntag"],
      ["搜索引擎", "重新发现订阅"],
      ["发现", "重新发现订阅"],
      ["サーバー", "東京のパン屋"],
      ["東京", "東京のパン屋"],
    ]) {
      await type(page, query);
      assert.equal((await titles(page))[0], first, query);
    }
    assert.deepEqual(problems, []);
    await context.close();
  });

  test("what nothing has is said to be so", async () => {
    const { page, context } = await search("?q=zeppelins");
    assert.match(await status(page), /^Nothing found/);
    assert.deepEqual(await titles(page), []);
    await context.close();
  });

  test("an entry without a title or a date is found, too", async () => {
    const { page, context } = await search("?q=kettle");
    assert.deepEqual(await titles(page), ["A short post about a kettle.", "Kettle without a date"]);
    assert.deepEqual(await page.locator("#g-results h2").allInnerTexts(), ["2023 1", "Undated 1"]);
    await context.close();
  });

  test("a result can be read, and leads to its entry", async () => {
    const { page, context } = await search("?q=knead");
    const result = page.locator("#g-results article").first();
    assert.equal(await result.locator("mark").innerText(), "Knead");
    assert.match(await result.locator(".meta").innerText(), /^2 Nov 2025 · by Ada · baking home/);
    assert.equal(await result.locator(".host").innerText(), "host-0.example");
    await result.locator("h3 a").click();
    await page.waitForURL(/\/archive\/2025\/11\/bread-at-home-\w{8}\.html$/);
    assert.equal(await page.locator("h1").first().innerText().then((text) => text.split("\n")[0]), "Bread at home");
    await context.close();
  });

  test("what strangers wrote stays text", async () => {
    const { page, context, problems } = await search("?q=ovens");
    assert.deepEqual(await titles(page), ["An ovens <img src=x onerror=alert(1)>"]);
    const excerpt = page.locator("#g-results .excerpt");
    assert.match(await excerpt.innerText(), /^Literal <mark>ovens<\/mark> and .* ovens\./);
    assert.equal(await page.locator("#g-results img, #g-results b").count(), 0);
    assert.equal(await page.locator("#g-results .tag").innerText(), "<b>odd</b>");
    assert.deepEqual(problems, []);
    await context.close();
  });
});

describe("the years", () => {
  test("the newest is asked first, and older ones as the reader goes on", async () => {
    const { page, context } = await search("?q=dough");
    // Too few in the newest year: older ones were asked until there was a page of results.
    assert.deepEqual(await page.locator("#g-results h2").allInnerTexts(), ["2025 1", "2022 24"]);
    assert.equal((await titles(page)).length, 10);
    const more = page.locator("#g-more button");
    assert.equal(await more.innerText(), "More of 2022");
    await more.click();
    await page.waitForFunction(() => document.querySelectorAll("#g-results article").length === 20);
    // Who reads on with the keyboard goes on where the new ones start.
    assert.equal(await page.evaluate(() =>
      Array.from(document.querySelectorAll("#g-results h3 a")).indexOf(document.activeElement)), 10);
    await more.click();
    await page.waitForFunction(() => document.querySelectorAll("#g-results article").length === 25);
    await settled(page);
    assert.equal(await status(page), "25 entries.");
    assert.equal(await more.isVisible(), false);
    await context.close();
  });

  test("a full newest year leaves the older ones alone", async () => {
    const { page, context } = await search("?q=part&year=2022");
    assert.equal((await titles(page)).length, 10);
    await page.selectOption("select[name=year]", "");
    await settled(page);
    assert.match(await status(page), /Undated is not searched yet|24 entries/);
    await context.close();
  });

  test("newest first is newest first", async () => {
    const { page, context } = await search("?q=dough&sort=date");
    assert.deepEqual((await titles(page)).slice(0, 4), ["Bread at home", "Dough, part 24", "Dough, part 23", "Dough, part 22"]);
    await context.close();
  });
});

describe("narrowing", () => {
  test("by tag, source and sharer, with their counts", async () => {
    const { page, context } = await search("?q=dough");
    const options = (name) => page.locator(`select[name=${name}] option`).allInnerTexts();
    assert.deepEqual(await options("tag"), ["any", "series (24)", "odd (12)", "baking (1)", "home (1)"]);
    assert.deepEqual(await options("source"), ["any", "host-0.example (9)", "host-1.example (8)", "host-2.example (8)"]);
    assert.deepEqual(await options("sharer"), ["any", "ada (25)"]);
    await page.selectOption("select[name=tag]", "odd");
    await page.waitForFunction(() => document.getElementById("g-status").textContent.startsWith("12 "));
    assert.match(page.url(), /\?q=dough&tag=odd$/);
    await page.selectOption("select[name=source]", "host-1.example");
    await page.waitForFunction(() => document.getElementById("g-status").textContent.startsWith("4 "));
    // Going back undoes one choice at a time.
    await page.goBack();
    await page.waitForFunction(() => document.getElementById("g-status").textContent.startsWith("12 "));
    assert.equal(await page.inputValue("select[name=source]"), "");
    await page.goBack();
    await page.waitForFunction(() => document.getElementById("g-status").textContent.startsWith("25 "));
    await context.close();
  });

  test("without words, a facet lists its entries, the newest first", async () => {
    const { page, context } = await search("?tag=baking");
    assert.deepEqual(await titles(page), ["Bread at home"]);
    await page.locator("#g-results .tag", { hasText: "home" }).click();
    await page.waitForFunction(() => location.search === "?tag=home");
    await context.close();
  });
});

describe("the reader", () => {
  test("nothing is fetched before somebody asks", async () => {
    site.requests.length = 0;
    const { page, context } = await search("");
    await page.waitForTimeout(300);
    assert.deepEqual(site.requests.filter(([file]) => file.startsWith("pagefind/")), []);
    assert.equal(await page.evaluate(() => document.activeElement.id), "g-words");
    await context.close();
  });

  test("a search asks for the files of the years that it needs, and for no other", async () => {
    site.requests.length = 0;
    const { context } = await search("?q=knead&year=2025");
    const asked = site.requests.map(([file]) => file.replace(/en_\w+/, "*")).filter((file) => file.startsWith("pagefind/"));
    assert.deepEqual(asked.sort(), [
      "pagefind/2025/filter/*.pf_filter", "pagefind/2025/fragment/*.pf_fragment", "pagefind/2025/index/*.pf_index",
      "pagefind/2025/pagefind-entry.json", "pagefind/2025/pagefind.*.pf_meta",
      "pagefind/core/pagefind.js", "pagefind/core/wasm.en.pagefind",
    ]);
    assert.ok(site.requests.every(([, , found]) => found));
    await context.close();
  });

  test("searches while typing, with one search for a word", async () => {
    const { page, context } = await search("");
    // The clock stands while the letters come, however slow the machine is.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    site.requests.length = 0;
    await page.locator("#g-words").pressSequentially("knead");
    assert.doesNotMatch(page.url(), /\?q=/);
    assert.deepEqual(site.requests, []);
    await page.clock.resume();
    await page.waitForFunction(() => location.search === "?q=knead");
    await settled(page);
    assert.equal(await status(page), "1 entry.");
    assert.equal(await page.title(), "“knead” – Search – Found things");
    await context.close();
  });

  test("has keys: arrows walk, Enter opens, Escape clears", async () => {
    const { page, context } = await search("?q=kettle");
    await page.focus("#g-words");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Kettle without a date");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    assert.equal(await page.evaluate(() => document.activeElement.id), "g-words");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !location.search && !document.querySelector("#g-results article"));
    assert.equal(await page.inputValue("#g-words"), "");
    await type(page, "kettle");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/2023\/02\//);
    // Back on the search page, the question is still there.
    await page.goBack();
    await page.waitForSelector("#g-results article");
    assert.equal(await page.inputValue("#g-words"), "kettle");
    await context.close();
  });

  test("is told where search cannot work", async () => {
    const disk = await open(browser, pathToFileURL(path.join(folder, "search.html")).href);
    assert.ok(await disk.page.locator("#g-disk").isVisible());
    assert.equal(await disk.page.locator("#g-find").isVisible(), false);
    assert.deepEqual(disk.problems, []);
    await disk.page.click("#g-disk a >> nth=1");
    await disk.page.waitForURL(/^file:.*\/dates\/index\.html$/);
    await disk.context.close();

    const without = await open(browser, `${site.url}search.html?q=knead`, { javaScriptEnabled: false });
    // Chromium's switch turns scripts off, but does not show what stands in `noscript`.
    assert.match(await without.page.locator("noscript").first().textContent(), /Searching needs JavaScript/);
    assert.equal(await without.page.locator("#g-find").isVisible(), false);
    await without.context.close();
  });

  test("is told when the index cannot be loaded", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route("**/core/pagefind.js", (route) => route.abort());
    await page.goto(`${site.url}search.html?q=knead`);
    await page.waitForFunction(() => /could not be loaded/.test(document.getElementById("g-status").textContent));
    await context.close();
  });
});

describe("places", () => {
  test("the box on another page leads to the answer", async () => {
    const { page, context } = await open(browser, `${site.url}tags/index.html`);
    await page.fill("form[role=search] input", "knead");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#g-results article");
    assert.match(page.url(), /\/archive\/search\.html\?q=knead$/);
    await context.close();
  });

  test("the same files work at the root of a domain", async () => {
    const root = await serve(folder, "/");
    const { page, context, problems } = await search("?q=knead", { site: root });
    await page.click("#g-results h3 a");
    await page.waitForURL(/^http:\/\/[^/]+\/2025\/11\//);
    assert.deepEqual(problems, []);
    await context.close();
    root.close();
  });

  test("folders work as files do", async () => {
    const built = build(ENTRIES, '[output]\nurls = "folders"\n');
    const other = await serve(built);
    const { page, context, problems } = await open(browser, `${other.url}search/?q=knead`);
    await page.click("#g-results h3 a");
    await page.waitForURL(/\/archive\/2025\/11\/bread-at-home-\w{8}\/$/);
    assert.deepEqual(problems, []);
    await context.close();
    other.close();
  });

  test("only this page may run WebAssembly", () => {
    for (const file of fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".html"))) {
      const page = fs.readFileSync(path.join(folder, file), "utf8");
      assert.equal(page.includes("wasm-unsafe-eval"), file === "search.html", file);
    }
  });
});
