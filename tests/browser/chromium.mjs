// Chromium, and what the tests ask of a page in it: which messages it caused, what it requested
// from other hosts, how wide it is, and what axe says of it, with scripts and without.

import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Wider than any screen here: what does not shrink shows. */
const IMAGE = '<svg xmlns="http://www.w3.org/2000/svg" width="2400" height="900"><rect width="2400" height="900" fill="#888"/></svg>';

export const PHONE = { width: 320, height: 640 };
export const DESKTOP = { width: 1280, height: 900 };

/** Light and dark, on a phone and a desktop, with scripts and without. */
export const VIEWS = [["phone", PHONE], ["desktop", DESKTOP]].flatMap(([size, viewport]) =>
  ["light", "dark"].flatMap((colorScheme) =>
    [true, false].map((scripts) => ({
      name: `${size}, ${colorScheme}, ${scripts ? "with" : "without"} scripts`,
      scripts,
      options: { viewport, colorScheme, reducedMotion: "reduce" },
    }))));

/** Starts Chromium; it asks nobody for anything on its own. */
export function launch(...more) {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync", ...more],
  });
}

/**
 * Opens a page, and notes what it says in the console (violations of its policy included) and what
 * it wants of other hosts: there, images are found, and nothing else.
 */
export async function visit(context, url, { scripts = true, change } = {}) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  if (!scripts) await session.send("Emulation.setScriptExecutionDisabled", { value: true });
  const messages = [];
  const outside = [];
  page.on("pageerror", (error) => messages.push(`error: ${error.message}`));
  page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
  const own = new URL(url);
  await page.route("**/*", async (route) => {
    const request = route.request();
    const target = new URL(request.url());
    if (target.protocol === own.protocol && target.host === own.host) {
      if (!change || request.resourceType() !== "document") return route.continue();
      const response = await route.fetch();
      return route.fulfill({ response, body: change(await response.text()) });
    }
    const type = request.resourceType();
    outside.push({ type, url: target.href, referrer: request.headers().referer });
    return type === "image" ? route.fulfill({ contentType: "image/svg+xml", body: IMAGE }) : route.abort();
  });
  const response = await page.goto(url, { waitUntil: "load" });
  return { page, session, response, messages, outside };
}

/** The violations that axe finds on a page that was visited, each with the elements. */
export async function violations({ page, session }) {
  // A document that was parsed and drawn without scripts, `noscript` included, stays as it is; but
  // axe needs timers, and these run only where scripts may.
  await session.send("Emulation.setScriptExecutionDisabled", { value: false });
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      preload: false,
      resultTypes: ["violations"],
      // Part of WCAG 2.2, level AA, and off by default.
      rules: { "target-size": { enabled: true } },
    });
    return violations.map(({ id, help, nodes }) => {
      const first = nodes.slice(0, 3).map((node) => `${node.target}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`);
      return `axe ${id} (${help}) × ${nodes.length}: ${first.join(" | ")}`;
    });
  });
}

/** The elements that make a page wider than its screen; none where it is not. */
export function overflow(page) {
  return page.evaluate(() => {
    const screen = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth;
    if (wide <= screen) return [];
    const clipped = (one) => one !== document.body && one !== document.documentElement
      && (getComputedStyle(one).overflowX !== "visible" || clipped(one.parentElement));
    const over = [...document.querySelectorAll("body *")].filter((one) => {
      if (clipped(one.parentElement)) return false;
      const box = one.getBoundingClientRect();
      return box.width > 0 && (box.right > screen + 0.5 || box.left < -0.5);
    });
    const names = over.slice(0, 4).map((one) => one.outerHTML.slice(0, 90).replaceAll("\n", " "));
    return [`${wide} wide on a screen of ${screen}: ${names.join(" | ")}`];
  });
}

/** Does something with each item, a few at a time. */
export async function each(items, work, atOnce = 3) {
  const queue = [...items];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  }));
}

/** Fails with a line for each problem, where there are any. */
export function none(problems) {
  assert.ok(problems.length === 0, `${problems.length} problems:\n  ${problems.slice(0, 40).join("\n  ")}`);
}
