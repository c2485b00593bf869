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

/** Builds a site into a temporary folder and serves it where it says that it is: { name, folder, url, close }. */
async function publish(name, root) {
  const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "gleaner-browser-")), "archive");
  const { url, close } = await serve(folder);
  const options = ["--quiet", "--root", root, "--output", folder, "--base-url", url];
  execFileSync(gleaner, ["build", ...options], { stdio: "inherit" });
  return { name, folder, url, close };
}

/** The example archive; and the two real snapshots, where they are at hand. */
export async function publishAll() {
  const sites = [await publish("example", repository)];
  if (fs.existsSync(seeds)) {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "gleaner-seeds-"));
    fs.writeFileSync(path.join(root, "site.toml"), '[site]\ntitle = "Seeds"\nbase_url = "https://example.org/"\n');
    for (const file of fs.readdirSync(seeds)) {
      const feed = path.join(root, "content/snapshots", file.split("_")[0]);
      fs.mkdirSync(feed, { recursive: true });
      fs.copyFileSync(path.join(seeds, file), path.join(feed, file));
    }
    sites.push(await publish("seeds", root));
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

/** Serves a folder under /archive/ on a free port of 127.0.0.1, the 404 page included. */
async function serve(folder) {
  const server = http.createServer((request, response) => {
    const inner = decodeURIComponent(new URL(request.url, "http://host").pathname).replace(/^\/archive\//, "");
    const named = path.join(folder, inner.endsWith("/") || inner === "" ? `${inner}index.html` : inner);
    const found = named.startsWith(folder) && fs.existsSync(named);
    const file = found ? named : path.join(folder, "404.html");
    response.writeHead(found ? 200 : 404, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
    response.end(fs.readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}/archive/`, close: () => server.close() };
}
