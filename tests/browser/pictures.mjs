// The pictures of the README: the example archive's home page, in light and dark, and an entry on
// a phone beside it.
//
// node pictures.mjs: builds the example with the debug build, and writes to .github/pictures/.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { launch } from "./chromium.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gleaner-pictures-"));
const gleaner = process.env.GLEANER ?? path.join(root, "target/debug/gleaner");
execFileSync(gleaner, ["build", "--root", root, "--output", folder, "--no-cache", "--quiet"], { stdio: "inherit" });

const SHOTS = [
  { name: "home", file: "index.html", viewport: { width: 1100, height: 760 } },
  { name: "entry", file: "2024/11/cool-uris-dont-change-pzbga55k.html", viewport: { width: 390, height: 760 }, isMobile: true },
];
const browser = await launch();
for (const colorScheme of ["light", "dark"]) {
  for (const { name, file, viewport, isMobile } of SHOTS) {
    const context = await browser.newContext({ viewport, isMobile, colorScheme, deviceScaleFactor: 1.5, reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(pathToFileURL(path.join(folder, file)).href);
    await page.screenshot({ path: path.join(root, ".github/pictures", `${name}-${colorScheme}.png`) });
    await context.close();
  }
}
await browser.close();
fs.rmSync(folder, { recursive: true });
