// One set of bytes for every place: the same folder is crawled at `/`, at `/archive/` and from a
// disk, and every link, image, script, form and fragment leads to something that is there; so do
// the addresses in feeds, sitemap and robots.txt. Sites with folders for addresses, which need a
// server, are crawled on servers.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { DESKTOP, launch, none, visit } from "./chromium.mjs";
import { everyKind } from "./kinds.mjs";
import { files, pages, publishKinds, read, serve } from "./sites.mjs";

const site = await publishKinds();
const folders = await publishKinds('\n[output]\nurls = "folders"\n');
const closing = [site, folders];
let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser?.close();
  for (const one of closing) one.close();
});

/** Serves a folder once more, elsewhere. */
async function mounted(folder, mount) {
  const server = await serve(folder, mount);
  closing.push(server);
  return server.url;
}

const onDisk = (folder) => `${pathToFileURL(folder).href}/`;

/** The status and text of what stands at an address, on a server or a disk. */
async function get(url) {
  if (url.protocol === "file:") {
    const file = fileURLToPath(url);
    const found = fs.existsSync(file) && fs.statSync(file).isFile();
    return { found, text: async () => fs.readFileSync(file, "utf8") };
  }
  const response = await fetch(url);
  return { found: response.status === 200, text: () => response.text() };
}

/** What a browser reads in a document: its links, and the ids that fragments may name. */
function reader(page) {
  return (html) => page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "text/html");
    const links = [];
    for (const name of ["href", "src", "action", "poster", "data-src", "xlink:href"]) {
      for (const one of parsed.querySelectorAll(`[${CSS.escape(name)}]`)) links.push(one.getAttribute(name));
    }
    for (const one of parsed.querySelectorAll("[srcset]")) {
      links.push(...one.getAttribute("srcset").split(",").map((candidate) => candidate.trim().split(/\s+/)[0]));
    }
    const refresh = parsed.querySelector('[http-equiv="refresh" i]');
    if (refresh) links.push(refresh.content.replace(/^.*?url=/i, ""));
    for (const one of parsed.querySelectorAll('meta[property="og:url"]')) links.push(one.content);
    return { links, ids: [...parsed.querySelectorAll("[id]")].map((one) => one.id) };
  }, html);
}

/** Crawls a site from its home page: { visited, dead }. What says `base` is looked up at `root`. */
async function crawl(parse, root, base, starts = ["index.html"]) {
  const documents = new Map();
  const dead = [];
  const open = async (url) => {
    const address = url.href.split(/[?#]/)[0];
    if (!documents.has(address)) {
      const { found, text } = await get(new URL(address));
      const html = /(\.html|\/)$/.test(address);
      documents.set(address, { address, found, html, ...(found && html ? await parse(await text()) : {}) });
    }
    return documents.get(address);
  };
  const origin = new URL(root).origin;
  for (const start of starts) await open(new URL(start, root));
  for (const document of documents.values()) {
    for (const link of document.links ?? []) {
      let target = new URL(link, document.address);
      if (target.href.startsWith(base)) {
        target = new URL(target.href.slice(base.length), root);
        // An address of the web may end with a folder; on a disk, a file stands for it.
        if (target.protocol === "file:" && target.pathname.endsWith("/")) target.pathname += "index.html";
      }
      const inside = target.href.startsWith(root);
      if (!inside && target.protocol !== "file:" && target.origin !== origin) continue;
      const there = inside && await open(target);
      const fragment = decodeURIComponent(target.hash.slice(1));
      const whole = there?.found && (!fragment || (there.ids ?? []).includes(fragment));
      if (!whole) dead.push(`${document.address.slice(root.length)} → ${link}`);
    }
  }
  return { visited: [...documents.keys()].map((address) => address.slice(root.length)), dead };
}

const places = [
  ["at /", site, await mounted(site.folder, "/")],
  ["at /archive/", site, site.url],
  ["from a disk", site, onDisk(site.folder)],
  ["with folders, at /", folders, await mounted(folders.folder, "/")],
  ["with folders, at /archive/", folders, folders.url],
];
for (const [place, which, root] of places) {
  test(`no dead link or fragment, ${place}`, async () => {
    const page = await browser.newPage();
    // What a server shows for what is not there belongs to the path of the base URL.
    const starts = root === which.url ? ["index.html", "404.html"] : ["index.html"];
    const { visited, dead } = await crawl(reader(page), root, which.url, starts);
    await page.close();
    none(dead);
    // Redirects are reached from elsewhere only; all else is linked.
    const reached = new Set(visited.map((address) => decodeURIComponent(address)));
    const missed = pages(which).filter((file) => !reached.has(file) && !reached.has(file.replace(/index\.html$/, "")));
    const orphans = missed.filter((file) => file !== "404.html" && !/http-equiv="refresh/.test(read(which, file)));
    none(orphans.map((file) => `no page leads to ${file}`));
    console.log(`${place}: ${visited.length} addresses, none dead`);
  });
}

test("a crawl notices what is dead", async () => {
  const copy = path.join(site.folder, "../copy");
  fs.cpSync(site.folder, copy, { recursive: true });
  const links = '<a href="no/such.html">a</a><a href="/archive/index.html">b</a><a href="dates/index.html#none">c</a>';
  fs.appendFileSync(path.join(copy, "index.html"), links);
  const page = await browser.newPage();
  const { dead } = await crawl(reader(page), onDisk(copy), site.url);
  await page.close();
  assert.equal(dead.length, 3, dead.join("\n"));
});

test("redirects lead to pages, and the addresses for machines resolve", async () => {
  const page = await browser.newPage();
  const parse = reader(page);
  const redirects = pages(site).filter((file) => /http-equiv="refresh/.test(read(site, file)));
  const { dead } = await crawl(parse, site.url, site.url, redirects);
  for (const file of files(site, ".xml", ".json", ".txt", ".opml").filter((file) => !file.startsWith("."))) {
    // A frame of a search index is none of ours.
    if (file.startsWith("pagefind/")) continue;
    const text = read(site, file).replaceAll("&amp;", "&");
    for (const [address] of text.matchAll(/https?:\/\/127\.0\.0\.1[^\s"'<>&\\)]*/g)) {
      const { found, text: content } = await get(new URL(address));
      const fragment = new URL(address).hash.slice(1);
      const there = found && (!fragment || (await parse(await content())).ids.includes(fragment));
      if (!there || !address.startsWith(site.url)) dead.push(`${file} → ${address}`);
    }
  }
  await page.close();
  none(dead);
  assert.ok(redirects.length > 0 && read(site, "sitemap.xml").includes(site.url));
});

test("from a disk, pages have their style, and one reads from page to page", async () => {
  const context = await browser.newContext({ viewport: DESKTOP });
  const { page, messages } = await visit(context, `${onDisk(site.folder)}index.html`);
  assert.ok(await page.evaluate(() => document.styleSheets.length > 0), "the stylesheet is not there");
  await page.locator(".h-entry .u-url").first().click();
  await page.waitForURL(/-[a-z2-7]{8}\.html$/);
  await page.waitForSelector("h1");
  await page.locator("header a").first().click();
  await page.waitForURL(`${onDisk(site.folder)}index.html`);
  none(messages);
  await context.close();
});

test("a redirect leads to the permalink", async () => {
  const page = await browser.newPage();
  const redirect = everyKind(site).get("redirect");
  await page.goto(site.url + redirect);
  await page.waitForURL((url) => url.href !== site.url + redirect);
  await page.waitForSelector(".h-entry");
  await page.close();
});

test("what is not there is met by a page that helps, at any depth", async () => {
  const context = await browser.newContext({ viewport: DESKTOP });
  const { page, response, messages } = await visit(context, `${site.url}no/such/page.html`);
  assert.equal(response.status(), 404);
  // Chromium tells of the status itself.
  none(messages.filter((message) => !message.includes("status of 404")));
  assert.ok(await page.evaluate(() => document.styleSheets.length > 0), "the stylesheet is not there");
  await page.locator("main a").first().click();
  await page.waitForURL((url) => url.href.startsWith(site.url) && !url.href.includes("no/such"));
  await page.waitForSelector("h1");
  await context.close();
});
