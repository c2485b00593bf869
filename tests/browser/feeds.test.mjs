// The feeds that we write, judged by others: Atom and RSS by the validating parser of Ruby's RSS
// library (Debian: `ruby-rss`), JSON Feed by its JSON Schema (npm: `jsonfeed-schema`) with Ajv. No
// registry has W3C's feed validator, nor any validator of OPML: that is read by the strict parser
// of `feedsmith`. What these let pass, and the specifications do not, is asked for below.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import Ajv from "ajv";
import formats from "ajv-formats";
import { parseAtomFeed, parseJsonFeed, parseOpml, parseRssFeed } from "feedsmith";
import jsonFeed from "jsonfeed-schema/v1.1.js";

import { files, publishExample, publishKinds, publishSeeds, read } from "./sites.mjs";

const sites = [await publishExample(), await publishKinds(), await publishSeeds()].filter(Boolean);
after(() => { for (const site of sites) site.close(); });

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "feeds.rb");
const ruby = (...paths) => spawnSync("ruby", [script, ...paths], { encoding: "utf8" });
const schema = formats(new Ajv({ strict: false, allErrors: true })).compile(jsonFeed);

const isAtom = (text) => text.includes('<feed xmlns="http://www.w3.org/2005/Atom"') || /<feed[^>]*2005\/Atom/.test(text.slice(0, 400));
const isRss = (text) => /<rss[ >]/.test(text.slice(0, 400));
/** The feeds of a site in XML: its own, and those of its lists. */
function xmlFeeds(site, is) {
  return files(site, ".xml").filter((file) => is(read(site, file)));
}

for (const site of sites) {
  test(`${site.name}: Ruby's RSS library finds the Atom and RSS feeds valid`, () => {
    const feeds = [...xmlFeeds(site, isAtom), ...xmlFeeds(site, isRss)];
    assert.ok(feeds.includes("feed.xml") && feeds.includes("rss.xml"));
    const run = ruby(...feeds.map((file) => path.join(site.folder, file)));
    assert.equal(run.status, 0, run.stdout + run.stderr);
    console.log(`${site.name}: ${run.stdout.trim()}`);
  });

  test(`${site.name}: the JSON feeds follow the schema`, () => {
    const feeds = files(site, "feed.json");
    assert.ok(feeds.includes("feed.json"));
    for (const file of feeds) assert.ok(schema(JSON.parse(read(site, file))), `${file}: ${JSON.stringify(schema.errors)}`);
  });

  test(`${site.name}: the three feeds tell the same`, () => {
    const atom = parseAtomFeed(read(site, "feed.xml"));
    const rss = parseRssFeed(read(site, "rss.xml"));
    const json = parseJsonFeed(read(site, "feed.json"));
    const ids = json.items.map((item) => item.id);
    assert.deepEqual(atom.entries.map((entry) => entry.id), ids);
    assert.deepEqual(rss.items.map((item) => item.guid.value), ids);
    assert.equal(new Set(ids).size, ids.length, "ids are unique");
    assert.deepEqual(rss.items.map((item) => item.link), json.items.map((item) => item.url));
  });

  test(`${site.name}: what RFC 4287 asks beyond that`, () => {
    for (const file of xmlFeeds(site, isAtom)) {
      const feed = parseAtomFeed(read(site, file));
      const self = feed.links.filter((link) => link.rel === "self").map((link) => link.href);
      // The feed of a tag that became another one names the address that is preferred now.
      const preferred = self.length === 1 && self[0].startsWith(site.url) ? self[0].slice(site.url.length) : file;
      assert.deepEqual(self, [site.url + preferred], `${file}: 4.1.1, one link to itself`);
      if (preferred !== file) assert.equal(read(site, file), read(site, preferred), `${file}: the feed that it names`);
      for (const { id, links = [], content, summary } of feed.entries) {
        const alternates = links.filter((link) => (link.rel ?? "alternate") === "alternate");
        const kinds = alternates.map((link) => `${link.type} ${link.hreflang}`);
        assert.equal(new Set(kinds).size, kinds.length, `${file} ${id}: 4.1.2, alternates of one kind`);
        assert.ok(content || alternates.length, `${file} ${id}: 4.1.2, no content and no alternate`);
        for (const { href, rel } of links) {
          assert.ok(URL.canParse(href), `${file} ${id}: ${href}`);
          assert.match(rel ?? "alternate", /^[a-z]+$|^https?:/, `${file} ${id}: 4.2.7.2`);
        }
        assert.notEqual(summary, "", `${file} ${id}: an empty summary`);
      }
    }
  });

  test(`${site.name}: the OPML, if there is one, is read by others`, () => {
    for (const file of files(site, ".opml")) {
      const opml = parseOpml(read(site, file));
      assert.match(read(site, file), /<opml version="2\.0"/);
      assert.ok(opml.head?.title, "it has a title");
      assert.ok(opml.body.outlines.length > 0);
      for (const outline of opml.body.outlines) {
        assert.ok(outline.text, "an outline has a text");
        for (const url of [outline.xmlUrl, outline.htmlUrl, outline.url]) assert.ok(url === undefined || URL.canParse(url), url);
        if (outline.type === "rss") assert.ok(outline.xmlUrl, `${outline.text}: rss without a feed`);
        if (outline.type === "link") assert.ok(outline.url, `${outline.text}: link without an address`);
      }
      console.log(`${site.name}: ${file} has ${opml.body.outlines.length} outlines`);
    }
  });
}

test("the validators notice what is wrong", () => {
  const [site] = sites;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gleaner-feeds-"));
  const spoiled = [
    ["feed.xml", /<updated>[^<]*</, "<updated>yesterday<"],
    ["feed.xml", /<id>urn[^<]*<\/id>/, ""],
    ["feed.xml", /<entry>/, "<entry><shared/>"],
    ["feed.xml", / term="[^"]*"/, ""],
    ["rss.xml", /<pubDate>[^<]*</, "<pubDate>2025-01-01<"],
    ["rss.xml", /<description>.*?<\/description>/, ""],
    ["rss.xml", /isPermaLink="[^"]*"/, 'isPermaLink="maybe"'],
  ];
  spoiled.forEach(([file, good, bad], index) => {
    const text = read(site, file);
    assert.match(text, good);
    const copy = path.join(folder, `${index}.xml`);
    fs.writeFileSync(copy, text.replace(good, bad));
    assert.equal(ruby(copy).status, 1, `${file}: ${bad} passed`);
  });
  fs.rmSync(folder, { recursive: true });
  const json = JSON.parse(read(site, "feed.json"));
  delete json.items[0].id;
  assert.equal(schema(json), false);
});
