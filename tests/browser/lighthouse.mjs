// Lighthouse, as a phone, on the home page, an entry, a tag and the search: at least 98 for
// accessibility, best practices and SEO, and no layout shift.
//
// The score for performance is a matter of time, and of what else the machine does; so it is
// printed, the best of a few runs, and asserted only if PERFORMANCE is set: `PERFORMANCE=98 npm run
// lighthouse` on an idle machine. What it is made of is asserted always: the bytes of
// budgets.test.mjs and, here, how much a page requests before it can be read.

import assert from "node:assert/strict";
import net from "node:net";
import { after, before, test } from "node:test";

import lighthouse from "lighthouse";

import { launch } from "./chromium.mjs";
import { everyKind } from "./kinds.mjs";
import { publishExample } from "./sites.mjs";

const GOAL = 98;
const RUNS = 3;
/** What the browser fetches for a page of ours, search aside: at most so much. */
const REQUESTS = 10;
const BYTES = 60 * 1024;
const asked = Number(process.env.PERFORMANCE ?? 0);

// At the root of its host, where robots.txt counts.
const site = await publishExample("/");
const kinds = everyKind(site);
const port = await freePort();
let browser;
before(async () => { browser = await launch(`--remote-debugging-port=${port}`); });
after(async () => { await browser?.close(); site.close(); });

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}

/** Runs until the score for performance is reached, and gives the best. */
async function best(url) {
  let found;
  for (let run = 0; run < RUNS; run += 1) {
    const { lhr } = await lighthouse(url, { port, logLevel: "error", output: "json" });
    assert.equal(lhr.runtimeError, undefined);
    if (!found || lhr.categories.performance.score > found.categories.performance.score) found = lhr;
    if (found.categories.performance.score * 100 >= GOAL) break;
  }
  return found;
}

/** The audits of a category that cost it something. */
function faults(lhr, category) {
  const audits = lhr.categories[category].auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => lhr.audits[id]);
  return audits.filter(({ score }) => score !== null && score < 1).map((audit) => {
    const nodes = (audit.details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet ?? item.description ?? item.url ?? "");
    return `${audit.id}: ${audit.displayValue ?? audit.title} ${nodes.join(" | ")}`;
  });
}

for (const kind of ["home", "entry with text", "tag", "search"]) {
  test(`Lighthouse: ${kind}`, async () => {
    const file = kinds.get(kind);
    assert.ok(file, `there is no ${kind}`);
    // As readers come: the home page is the folder.
    const lhr = await best(site.url + file.replace(/^index\.html$/, ""));
    const scores = Object.entries(lhr.categories).map(([id, { score }]) => [id, Math.round(score * 100)]);
    const requests = lhr.audits["network-requests"].details.items.filter(({ url }) => url.startsWith(site.url));
    const weight = requests.reduce((sum, { transferSize }) => sum + transferSize, 0);
    console.log(`${kind}: ${scores.map(([id, score]) => `${id} ${score}`).join(", ")}; `
      + `${requests.length} requests, ${(weight / 1024).toFixed(1)} KB`);
    for (const [id, score] of scores) {
      const goal = id === "performance" ? asked : GOAL;
      assert.ok(score >= goal, `${id} ${score}: ${faults(lhr, id).join("; ")}`);
    }
    assert.equal(lhr.audits["cumulative-layout-shift"].numericValue, 0, "layout shift");
    if (kind === "search") return;
    assert.ok(requests.length <= REQUESTS, requests.map(({ url }) => url).join(" "));
    assert.ok(weight <= BYTES, `${weight} bytes`);
  });
}
