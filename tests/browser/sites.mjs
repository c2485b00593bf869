// Builds the sites that the tests look at, and serves them as a host would.
//
// - `example`: the archive of this repository, as its owner would build it.
// - `kinds`: the same entries and some awkward ones, with settings that bring forth every kind of
//   page: short lists, so that there are numbered ones; images and embeds on a click; and sixty
//   sources, so that every hue is seen.
// - `seeds`: real snapshots, where they are at hand.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
export const repository = path.resolve(here, "../..");
export const gleaner = process.env.GLEANER ?? path.join(repository, "target/debug/gleaner");
const seedsFolder = process.env.GLEANER_SEEDS ?? path.join(repository, "../shared/seeds");

/** Settings of the site with every kind of page, beside those of the example. */
const EVERY_KIND = `
[lists]
home = 5
page = 2

[content]
images = "click"
embeds = "click"

[syndication]
entries = 500
`;

/** More than the 24 hues that sources have, so that none is missed. */
const SOURCES = 60;

const temporary = (name) => fs.mkdtempSync(path.join(os.tmpdir(), `gleaner-${name}-`));

/** Builds a site and serves it where it says that it is: { name, folder, url, close }. */
async function publish(name, root, mount = "/archive/") {
  const folder = path.join(temporary("browser"), "archive");
  const server = await serve(folder, mount);
  const { url } = server;
  const close = () => { server.close(); fs.rmSync(path.dirname(folder), { recursive: true }); };
  const options = ["--quiet", "--root", root, "--output", folder, "--base-url", url];
  execFileSync(gleaner, ["build", ...options], { stdio: "inherit" });
  return { name, folder, url, close };
}

/** The same, of a folder that was made for it. */
async function publishOnce(name, root) {
  const site = await publish(name, root);
  fs.rmSync(root, { recursive: true });
  return site;
}

/** The archive of this repository. */
export const publishExample = (mount) => publish("example", repository, mount);

/** The site that has every kind of page; `more` is appended to its site.toml. */
export async function publishKinds(more = "") {
  const root = temporary("kinds");
  fs.cpSync(path.join(repository, "content"), path.join(root, "content"), { recursive: true });
  fs.cpSync(path.join(here, "awkward"), path.join(root, "content/snapshots/awkward"), { recursive: true });
  const sources = path.join(root, "content/snapshots/sources");
  fs.mkdirSync(sources);
  fs.writeFileSync(path.join(sources, "2025-10-01T05-00-00Z.xml"), manySources());
  const settings = fs.readFileSync(path.join(repository, "site.toml"), "utf8");
  fs.writeFileSync(path.join(root, "site.toml"), settings + EVERY_KIND + more);
  return publishOnce("kinds", root);
}

/** The two real snapshots; none where they are not at hand. */
export async function publishSeeds() {
  if (!fs.existsSync(seedsFolder)) {
    console.log(`skipped: there are no seeds in ${seedsFolder}`);
    return undefined;
  }
  const root = temporary("seeds");
  fs.writeFileSync(path.join(root, "site.toml"), '[site]\ntitle = "Seeds"\nbase_url = "https://example.org/"\n');
  for (const file of fs.readdirSync(seedsFolder)) {
    const feed = path.join(root, "content/snapshots", file.split("_")[0]);
    fs.mkdirSync(feed, { recursive: true });
    fs.copyFileSync(path.join(seedsFolder, file), path.join(feed, file));
  }
  return publishOnce("seeds", root);
}

/** The example archive, and the seeds where they are at hand. */
export async function publishAll() {
  return [await publishExample(), await publishSeeds()].filter(Boolean);
}

/** All files of a site that end so, relative to its folder. */
export function files(site, ...endings) {
  const all = fs.readdirSync(site.folder, { recursive: true }).map((file) => file.replaceAll(path.sep, "/"));
  return all.filter((file) => endings.some((ending) => file.endsWith(ending))).sort();
}

/** All pages of a site, relative to its folder. */
export const pages = (site) => files(site, ".html");

/** What a file of a site says. */
export const read = (site, file) => fs.readFileSync(path.join(site.folder, file), "utf8");

/** An Atom feed with an entry from each of many sources, a day apart. */
function manySources() {
  const entries = Array.from({ length: SOURCES }, (_, index) => {
    const day = new Date(Date.UTC(2023, 0, 1 + index * 7)).toISOString();
    const url = `https://source-${index}.example/`;
    return `<entry><id>${url}entry</id><title>From source ${index}</title><link href="${url}entry"/>
<updated>${day}</updated><published>${day}</published><source><id>${url}</id><title>Source ${index}</title>
<link href="${url}"/><updated>${day}</updated></source><category term="sources"/>
<content type="html">&lt;p>A text of a few words.&lt;/p></content></entry>`;
  });
  return `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:sources</id><title>Sources</title>
<updated>2025-10-01T00:00:00Z</updated><author><name>A. Tester</name></author>${entries.join("\n")}</feed>`;
}

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript",
  ".svg": "image/svg+xml", ".xml": "application/xml", ".json": "application/json",
  ".txt": "text/plain; charset=utf-8", ".wasm": "application/wasm", ".opml": "text/x-opml",
};
/** What hosts compress. */
const COMPRESSED = new Set([".html", ".css", ".js", ".svg", ".xml", ".json", ".txt"]);

/** Serves a folder at `mount` on a free port of 127.0.0.1, compressed, the 404 page included. */
export async function serve(folder, mount) {
  const server = http.createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url, "http://host").pathname);
    const inner = asked.startsWith(mount) ? asked.slice(mount.length) : "outside-the-mount";
    const named = path.join(folder, inner.endsWith("/") || inner === "" ? `${inner}index.html` : inner);
    const found = named.startsWith(folder) && fs.existsSync(named) && fs.statSync(named).isFile();
    const file = found ? named : path.join(folder, "404.html");
    const kind = path.extname(file);
    const headers = { "content-type": TYPES[kind] ?? "application/octet-stream", "cache-control": "max-age=600" };
    let body = fs.readFileSync(file);
    if (COMPRESSED.has(kind) && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) {
      headers["content-encoding"] = "gzip";
      body = zlib.gzipSync(body);
    }
    response.writeHead(found ? 200 : 404, headers);
    response.end(body);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const close = () => { server.close(); server.closeAllConnections(); };
  return { url: `http://127.0.0.1:${server.address().port}${mount}`, close };
}
