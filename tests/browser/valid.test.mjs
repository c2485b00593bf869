// Every page of every site in the Nu HTML Checker: no errors.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { after, test } from "node:test";

import vnu from "vnu-jar";

import { pages, publishExample, publishKinds, publishSeeds } from "./sites.mjs";

const sites = [await publishExample(), await publishKinds(), await publishSeeds()].filter(Boolean);
after(() => { for (const site of sites) site.close(); });

for (const site of sites) {
  test(`every page is valid HTML: ${site.name}`, () => {
    const files = pages(site).map((file) => path.join(site.folder, file));
    // Deep nesting of stored texts wants a deep stack.
    const options = ["-Xss8m", "-jar", String(vnu), "--errors-only", "--format", "text"];
    const run = spawnSync("java", [...options, ...files], { encoding: "utf8", maxBuffer: 1 << 28 });
    assert.equal(run.error, undefined);
    assert.equal(run.status, 0, run.stderr.replaceAll(site.folder, ""));
    console.log(`${site.name}: ${files.length} pages are valid`);
  });
}
