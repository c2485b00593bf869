// How long it takes from saving a file until the preview answers with it, and until a browser shows
// it; what the preview does while nothing happens; and whether its memory grows.
//
// node preview-figures.mjs FOLDER [RUNS]: a site, which is edited and put back; GLEANER names the
// program (target/release/gleaner). Prints a table; asserts nothing.

import { spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import readline from "node:readline";

import { launch } from "./chromium.mjs";

const [root, runs = "20"] = process.argv.slice(2);
const program = process.env.GLEANER ?? path.join(import.meta.dirname, "../../target/release/gleaner");
const REBUILDS = 200;
const IDLE = 10_000;

/** Starts the preview, and waits until it has read the site. */
async function serve() {
  const child = spawn(program, ["serve", "--root", root, "--port", "0", "--message-format", "json"],
    { stdio: ["ignore", "pipe", "inherit"] });
  let url;
  for await (const line of readline.createInterface({ input: child.stdout })) {
    const told = JSON.parse(line);
    if (told.type === "serving") url = told.url;
    if (told.type === "opened") {
      child.stdout.resume();
      return { child, url, milliseconds: told.milliseconds };
    }
  }
  throw new Error("the preview ended");
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function get(url) {
  return new Promise((resolve, reject) => {
    http.get(url, { agent }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => { body += chunk; });
      response.on("end", () => resolve(body));
    }).on("error", reject);
  });
}

/** CPU time of a process in milliseconds, and its memory in megabytes (Linux). */
function usage(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const resident = Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
  return { cpu: (Number(fields[11]) + Number(fields[12])) * 10, memory: resident / 1024 };
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function quantile(times, share) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)].toFixed(0);
}

/** Files that are edited: what is put into them so that `page` says the mark. */
function kinds(base, entry, link) {
  const site = fs.readFileSync(path.join(root, "site.toml"), "utf8");
  const day = (number) => new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString();
  return [
    { name: "own page", file: "content/pages/figures.md", page: `${base}figures.html`,
      text: (mark) => `# Figures\n\n${mark}\n` },
    { name: "note", file: "content/notes/figures.md", page: entry,
      text: (mark) => `+++\nentry = "${link}"\n+++\n\n${mark}\n` },
    { name: "template", file: "themes/gleaner/templates/page.html", page: `${base}figures.html`,
      text: (mark) => `{% extends "gleaner/page.html" %}\n{% block main %}{{ super() }}<p>${mark}</p>{% endblock main %}\n` },
    { name: "site.toml", file: "site.toml", page: `${base}figures.html`,
      text: (mark) => site.replace(/^title = .*$/m, `title = "${mark}"`) },
    { name: "new snapshot", page: base,
      file: (number) => `content/snapshots/figures/2026-01-01T00-00-${String(number % 60).padStart(2, "0")}Z-${number}.xml`,
      text: (mark, number) => `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><id>urn:f</id><updated>${day(number)}</updated>`
        + `<entry><id>urn:f:${number}</id><title>${mark}</title><link href="https://figures.example/${number}"/>`
        + `<published>${day(number)}</published><updated>${day(number)}</updated><content>words</content></entry></feed>` },
  ];
}

let marks = 0;

/** Saves a file, and waits until what is shown says so. */
async function save(kind, shown) {
  marks += 1;
  const mark = `mark-${marks}-`;
  const file = path.join(root, typeof kind.file === "function" ? kind.file(marks) : kind.file);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const text = kind.text(mark, marks);
  const since = performance.now();
  fs.writeFileSync(file, text);
  await shown(mark);
  return performance.now() - since;
}

async function answered(page, mark) {
  // Not without a pause: who asks all the time takes the core that should work.
  while (!(await get(page)).includes(mark)) await wait(3);
}

/** A page that tells as soon as a frame is drawn that says another mark. */
async function watched(browser, url) {
  const page = await browser.newPage();
  const marks = new Set();
  let told = () => {};
  page.on("console", (message) => {
    if (message.text().startsWith("shown ")) marks.add(message.text().slice(6));
    told();
  });
  await page.addInitScript(() => {
    const told = new Set();
    const look = () => {
      for (const mark of document.documentElement?.textContent.match(/mark-\d+-/g) ?? []) {
        if (!told.has(mark)) console.debug(`shown ${mark}`);
        told.add(mark);
      }
      requestAnimationFrame(look);
    };
    look();
  });
  await page.goto(url);
  const shows = async (mark) => {
    while (!marks.has(mark)) await new Promise((resolve) => { told = resolve; });
  };
  return { page, shows };
}

const before = fs.readFileSync(path.join(root, "site.toml"));
const started = performance.now();
const { child, url, milliseconds } = await serve();
console.log(`read in ${milliseconds} ms, listening after ${(performance.now() - started).toFixed(0)} ms`);
const browser = await launch();
try {
  const home = await get(url);
  const entry = new URL(/href="([^"]*\d{4}\/\d\d\/[^"]+\.html)"/.exec(home)[1], url).href;
  const link = /class="[^"]*u-(?:bookmark|repost)-of[^"]*"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*class="[^"]*u-(?:bookmark|repost)-of/.exec(await get(entry)).slice(1).find(Boolean).replaceAll("&amp;", "&");

  console.log("| saved | response: median | p95 | browser: median | p95 |\n| --- | --- | --- | --- | --- |");
  const all = kinds(url, entry, link);
  for (const kind of all) {
    await save(kind, (mark) => answered(kind.page, mark));
    const responses = [];
    const frames = [];
    for (let run = 0; run < Number(runs); run += 1) {
      responses.push(await save(kind, (mark) => answered(kind.page, mark)));
      await wait(60);
    }
    const { page, shows } = await watched(browser, kind.page);
    await wait(300);
    for (let run = 0; run < Number(runs); run += 1) {
      frames.push(await save(kind, shows));
      await wait(150);
    }
    await page.close();
    console.log(`| ${kind.name} | ${quantile(responses, 0.5)} ms | ${quantile(responses, 0.95)} ms | ${quantile(frames, 0.5)} ms | ${quantile(frames, 0.95)} ms |`);
  }

  await wait(1_000);
  const idle = usage(child.pid).cpu;
  await wait(IDLE);
  console.log(`CPU while nothing happened for ${IDLE / 1000} s: ${usage(child.pid).cpu - idle} ms`);

  const memory = [usage(child.pid).memory];
  for (let rebuild = 1; rebuild <= REBUILDS; rebuild += 1) {
    const kind = all[rebuild % 4];
    await save(kind, (mark) => answered(kind.page, mark));
    if (rebuild % (REBUILDS / 4) === 0) memory.push(usage(child.pid).memory);
  }
  console.log(`memory before, and during ${REBUILDS} rebuilds: ${memory.map((one) => one.toFixed(0)).join(", ")} MB`);
} finally {
  await browser.close();
  child.kill("SIGTERM");
  fs.writeFileSync(path.join(root, "site.toml"), before);
  for (const gone of ["content/pages/figures.md", "content/notes/figures.md", "content/snapshots/figures", "themes/gleaner/templates/page.html"]) {
    fs.rmSync(path.join(root, gone), { recursive: true, force: true });
  }
}
