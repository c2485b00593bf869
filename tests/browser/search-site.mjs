// Sites for the tests of search, and a server that counts: what was asked for, and how many bytes
// came over the wire. It serves as GitHub Pages does: text compressed, everything kept ten minutes.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const gleaner = process.env.GLEANER ?? path.join(repository, "target/debug/gleaner");

export const launch = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** An Atom feed of entries: { title, html, date, tags, author }. */
function feed(entries) {
  const items = entries.map((entry, number) => {
    const link = entry.link ?? `https://host-${number % 3}.example/${number}`;
    const tags = (entry.tags ?? []).map((tag) => `<category term="${escape(tag)}"/>`).join("");
    const date = entry.date ? `<published>${entry.date}</published><updated>${entry.date}</updated>` : "";
    return `<entry><id>${link}</id><link href="${link}"/><title>${escape(entry.title)}</title>${date}
      <author><name>${escape(entry.author ?? "Ada")}</name></author>${tags}
      <content type="html">${escape(entry.html ?? "")}</content></entry>`;
  });
  return `<feed xmlns="http://www.w3.org/2005/Atom"><title>Shares</title><id>urn:shares</id>
    <updated>2025-12-31T00:00:00Z</updated>${items.join("")}</feed>`;
}

/** Builds a site of these entries; returns its folder. */
export function build(entries, settings = "") {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "gleaner-search-"));
  process.on("exit", () => fs.rmSync(root, { recursive: true, force: true }));
  const snapshots = path.join(root, "content/snapshots/shares");
  fs.mkdirSync(snapshots, { recursive: true });
  fs.writeFileSync(path.join(root, "site.toml"),
    `[site]\ntitle = "Found things"\nbase_url = "https://example.org/archive/"\n${settings}`);
  fs.writeFileSync(path.join(snapshots, "2025-12-31T00-00-00Z.xml"), feed(entries));
  execFileSync(gleaner, ["build", "--quiet", "--root", root], { stdio: "inherit" });
  return path.join(root, "public");
}

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json" };

/** Serves a folder at a mount point: { url, requests, close }; `requests` are [path, bytes]. */
export async function serve(folder, mount = "/archive/") {
  const requests = [];
  const server = http.createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url, "http://host").pathname);
    if (asked === "/favicon.ico") return response.writeHead(204).end();
    const inner = asked.startsWith(mount) ? asked.slice(mount.length) : "404.html";
    const file = path.join(folder, inner === "" || inner.endsWith("/") ? `${inner}index.html` : inner);
    const found = file.startsWith(folder) && fs.existsSync(file);
    const type = TYPES[path.extname(file)];
    const bytes = found ? fs.readFileSync(file) : Buffer.from("not found");
    const body = type ? gzipSync(bytes) : bytes;
    response.writeHead(found ? 200 : 404, {
      "content-type": type ?? "application/octet-stream", "cache-control": "max-age=600",
      ...(type && { "content-encoding": "gzip" }),
    });
    response.end(body);
    requests.push([inner, body.length, found]);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}${mount}`, requests, close: () => server.close() };
}

/** A page that notes every error and every word of its console. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => problems.push(message.text()));
  await page.goto(url);
  return { page, context, problems };
}
