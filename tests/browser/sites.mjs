// Builds the sites that the tests look at, and serves them as a host would: under /archive/.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const gleaner = process.env.GLEANER ?? path.join(repository, "target/debug/gleaner");
const seeds = process.env.GLEANER_SEEDS ?? path.join(repository, "../shared/seeds");

/** Builds a site into a temporary folder: { name, folder }. */
function build(name, root, ...options) {
  const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "gleaner-browser-")), "archive");
  execFileSync(gleaner, ["build", "--quiet", "--root", root, "--output", folder, ...options], { stdio: "inherit" });
  return { name, folder };
}

/** The example archive; and the two real snapshots, where they are at hand. */
export function buildAll() {
  const sites = [build("example", repository)];
  if (fs.existsSync(seeds)) {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "gleaner-seeds-"));
    fs.writeFileSync(path.join(root, "site.toml"), '[site]\ntitle = "Seeds"\nbase_url = "https://example.org/archive/"\n');
    for (const file of fs.readdirSync(seeds)) {
      const feed = path.join(root, "content/snapshots", file.split("_")[0]);
      fs.mkdirSync(feed, { recursive: true });
      fs.copyFileSync(path.join(seeds, file), path.join(feed, file));
    }
    sites.push(build("seeds", root));
  } else {
    console.log(`skipped: there are no seeds in ${seeds}`);
  }
  return sites;
}

/** All pages of a site, relative to its folder. */
export function pages(site) {
  return fs.readdirSync(site.folder, { recursive: true }).filter((file) => file.endsWith(".html")).sort();
}

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript",
  ".svg": "image/svg+xml", ".xml": "application/xml", ".json": "application/json",
};

/** Serves a site under /archive/ on a free port of 127.0.0.1: { url, close }. */
export async function serve(site) {
  const server = http.createServer((request, response) => {
    const inner = decodeURIComponent(new URL(request.url, "http://host").pathname).replace(/^\/archive\//, "");
    const file = path.join(site.folder, inner.endsWith("/") || inner === "" ? `${inner}index.html` : inner);
    if (!file.startsWith(site.folder) || !fs.existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
    response.end(fs.readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}/archive/`, close: () => server.close() };
}
