// Which words find which: beginnings and forms do, and nothing that merely shares a beginning. The
// same in each year, though each has an index of its own that knows its own words only.

import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { build, launch, open, serve } from "./search-site.mjs";

let browser;
const sites = [];
before(async () => { browser = await chromium.launch(launch); });
after(async () => {
  sites.forEach((site) => site.close());
  await browser?.close();
});

/** Opens the search page of a site with an entry for each of these titles, in these years. */
async function archive(titles, settings = "") {
  const entries = titles.map(([year, title, tags], n) => (
    { title, html: `<p>${title}.</p>`, tags, date: `${year}-03-${String(20 - n).padStart(2, "0")}T08:00:00Z` }));
  const site = await serve(build(entries, settings));
  sites.push(site);
  const opened = await open(browser, `${site.url}search.html`);
  return { ...opened, site, ask: (words) => ask(opened.page, words) };
}

/** What the page answers: the titles that it shows, sorted, for their order is not the point here. */
async function ask(page, words) {
  await page.fill("#g-words", words);
  await page.waitForFunction((q) => new URL(location.href).searchParams.get("q") === q
    && /(\.|searched yet)$/.test(document.getElementById("g-status").textContent)
    && !document.querySelector("#g-results[aria-busy]"), words);
  return (await page.locator("#g-results h3 a").allInnerTexts()).sort();
}

/** Asks for each of the words, and says where the answer is another than expected. */
async function answers({ ask }, expected) {
  for (const [words, titles] of expected) assert.deepEqual(await ask(words), titles, words);
}

test("a year without a word has no result, whatever shares its beginning", async () => {
  const site = await archive([
    [2025, "Memory of rivers", ["water"]],
    [2024, "Tell me more", ["talk"]], [2024, "A memo to all", ["talk"]],
  ]);
  await answers(site, [
    ["memory", ["Memory of rivers"]],
    ["memories", ["Memory of rivers"]],
    ["mem", ["A memo to all", "Memory of rivers"]],
    ["me", ["A memo to all", "Memory of rivers", "Tell me more"]],
  ]);
  await site.ask("memory");
  const { page } = site;
  assert.equal(await page.locator("#g-status").innerText(), "1 entry.");
  assert.deepEqual(await page.locator("#g-results h2").allInnerTexts(), ["2025 1"]);
  assert.deepEqual(await page.locator("select[name=tag] option").allInnerTexts(), ["any", "water (1)"]);
  assert.deepEqual(site.problems, []);
});

test("where no year has it, nothing is found, and little was asked for", async () => {
  const site = await archive([[2025, "Tell me more"], [2024, "A memo to all"]]);
  site.site.requests.length = 0;
  assert.deepEqual(await site.ask("memory"), []);
  assert.match(await site.page.locator("#g-status").innerText(), /^Nothing found/);
  const texts = site.site.requests.filter(([file]) => file.endsWith(".pf_fragment"));
  assert.ok(texts.length <= 1, `${texts.length} texts`);
});

test("a facet has as many results as its count says, in any order", async () => {
  const site = await archive([
    [2025, "Running far", ["sport"]], [2024, "A run at dawn", ["sport"]], [2024, "A runway", ["travel"]],
    [2023, "Runic stones", ["travel"]],
  ]);
  const { page } = site;
  await site.ask("running");
  assert.deepEqual(await page.locator("select[name=tag] option").allInnerTexts(), ["any", "sport (2)", "travel (1)"]);
  for (const order of ["", "date"]) {
    await page.selectOption("select[name=sort]", order);
    for (const [tag, count] of [["travel", "1 entry."], ["", "3 entries."], ["sport", "2 entries."], ["", "3 entries."]]) {
      await page.selectOption("select[name=tag]", tag);
      await page.waitForFunction((text) => document.getElementById("g-status").textContent === text, count);
    }
  }
});

test("all words must be there, in each year", async () => {
  await answers(await archive([[2025, "Bread and butter"], [2024, "Bread of rye"], [2024, "A butterfly"]]), [
    ["bread", ["Bread and butter", "Bread of rye"]],
    ["bread butter", ["Bread and butter"]],
    ["bread zeppelin", []],
    ["zeppelin", []],
    ["bread & butter", ["Bread and butter"]],
    ["\"bread of\"", ["Bread of rye"]],
    ["\"bread zeppelin\"", []],
    ["\"memory\"", []],
  ]);
});

test("forms of a word find each other, and so does a form that is not finished yet", async () => {
  await answers(await archive([
    [2025, "Running far"], [2024, "A run at dawn"], [2023, "Runic stones"],
    [2022, "Installations of light"], [2021, "Install it"],
  ]), [
    ["run", ["A run at dawn", "Runic stones", "Running far"]],
    ["running", ["A run at dawn", "Running far"]],
    ["runni", ["Running far"]],
    ["runic", ["Runic stones"]],
    ["runes", []],
    ["installation", ["Install it", "Installations of light"]],
    ["installa", ["Installations of light"]],
    ["instead", []],
  ]);
});

test("signs are no obstacle", async () => {
  await answers(await archive([
    [2025, "C++ by night"], [2024, "Cabbage soup"], [2024, "The $PATH to foo_bar"], [2023, "Node.js for two"],
  ]), [
    ["C++", ["C++ by night"]],
    ["$path", ["The $PATH to foo_bar"]],
    ["foo_bar", ["The $PATH to foo_bar"]],
    ["foo_b", ["The $PATH to foo_bar"]],
    ["node.js", ["Node.js for two"]],
    ["node.j", ["Node.js for two"]],
    ["path + foo", ["The $PATH to foo_bar"]],
  ]);
});

test("identifiers are found as they are written and by their parts", async () => {
  const table = JSON.parse(fs.readFileSync(new URL("../fixtures/search/identifiers.json", import.meta.url), "utf8"));
  const site = await archive(table.map(({ text }) => [2025, text]));
  for (const { text, found_by, missed_by } of table) {
    for (const words of found_by) {
      const titles = await site.ask(words);
      assert.ok(titles.includes(text), `${words} finds “${text}”, not only: ${titles.join(", ")}`);
    }
    for (const words of missed_by) {
      const titles = await site.ask(words);
      assert.ok(!titles.includes(text), `${words} does not find “${text}”`);
    }
  }
  // Each of them alone: the signs and the underscores tell it from all others.
  for (const [words, count] of [["read_to_string", 1], ["x86_64", 1], ["MAX_PATH_LENGTH", 1], ["C#", 1], ["C++", 1]]) {
    assert.equal((await site.ask(words)).length, count, words);
  }
  assert.deepEqual(site.problems, []);
});

test("in German", async () => {
  await answers(await archive([
    [2025, "Erinnerungen an Häuser"], [2024, "Er ging im Regen"], [2024, "Wanderung am Fluss"], [2023, "Straßen und Wege"],
  ], 'language = "de"\n'), [
    ["Erinnerung", ["Erinnerungen an Häuser"]],
    ["Erinnerungen", ["Erinnerungen an Häuser"]],
    ["erinneru", ["Erinnerungen an Häuser"]],
    ["Haus", ["Erinnerungen an Häuser"]],
    ["haeuser", ["Erinnerungen an Häuser"]],
    ["Wanderungen", ["Wanderung am Fluss"]],
    ["regent", []],
    ["Strasse", ["Straßen und Wege"]],
    ["straße", ["Straßen und Wege"]],
    ["Er", ["Er ging im Regen", "Erinnerungen an Häuser"]],
  ]);
});

test("in Spanish, with its accents and without", async () => {
  await answers(await archive([[2025, "Comunicación abierta"], [2024, "Come conmigo"], [2023, "Comercio"]], 'language = "es"\n'), [
    ["comunicación", ["Comunicación abierta"]],
    ["comunicacion", ["Comunicación abierta"]],
    ["comunicaciones", ["Comunicación abierta"]],
  ]);
});

test("in Chinese, where no word is parted", async () => {
  await answers(await archive([[2025, "搜索引擎的历史"], [2024, "搜身"], [2023, "サーバーの話"]], 'language = "zh"\n'), [
    ["搜索", ["搜索引擎的历史"]],
    ["搜", ["搜索引擎的历史", "搜身"]],
    ["搜索引擎", ["搜索引擎的历史"]],
    ["搜船", []],
    ["サーバー", ["サーバーの話"]],
  ]);
});
