// What a browser shows of a site while it is worked on: each change, at once and in its place; style
// sheets without a reload; what is wrong on top of the page, as text; and nothing when nothing
// changes. No violation of the pages' policy, no error in the console.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { DESKTOP, PHONE, launch, none, overflow, violations, visit } from "./chromium.mjs";
import { preview } from "./preview.mjs";

const LONG = `+++\ntitle = "Long"\n+++\n\n${"A paragraph of a few words.\n\n".repeat(200)}`;
const HOSTILE = '<img src=x onerror="globalThis.hacked = 1">';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

/** A story of a site and a page of it, at which nobody complains in the end. */
function on(name, { files, path = "archive/long.html", options = {}, allowed = [] }, story) {
  test(name, async () => {
    const site = await preview({ "content/pages/long.md": LONG, ...files });
    const context = await browser.newContext({ viewport: DESKTOP, ...options });
    try {
      await ready(site);
      const visited = await visit(context, site.url + path);
      // What a page knew before it was loaded again is gone then.
      const mark = () => visited.page.evaluate(() => { globalThis.marked = true; });
      await mark();
      await story({ ...visited, site, context, mark });
      const isAllowed = (message) => allowed.some((part) => message.includes(part));
      none(visited.messages.filter((message) => !isAllowed(message)));
      none(visited.outside.map(({ url }) => `asks for ${url}`));
    } finally {
      await context.close();
      await site.close();
    }
  });
}

/** Until the site was read, for better or worse. */
async function ready(site) {
  const text = async () => (await fetch(`${site.url}archive/`)).text();
  while ((await text()).includes("Reading the site")) await new Promise((next) => { setTimeout(next, 50); });
}

const isMarked = (page) => page.evaluate(() => globalThis.marked === true);
const panel = (page) => page.locator("gleaner-preview .panel");
const badge = (page) => page.locator("gleaner-preview .badge");
const shows = (page, text) => page.getByText(text).first().waitFor();

on("a note, a template and the settings show as soon as they are saved", { path: "archive/" }, async ({ page, site }) => {
  const template = "themes/gleaner/templates/home.html";
  site.write("content/notes/new.md", '+++\nentry = "https://www.w3.org/Provider/Style/URI"\n+++\n\nWords of a note.\n');
  await shows(page, "Words of a note.");
  site.write("content/notes/new.md", '+++\nentry = "https://www.w3.org/Provider/Style/URI"\n+++\n\nOther words.\n');
  await shows(page, "Other words.");
  site.remove("content/notes/new.md");
  await page.getByText("Other words.").waitFor({ state: "detached" });
  site.write(template, '{% extends "gleaner/home.html" %}{% block footer %}<p>From a template</p>{% endblock footer %}');
  await shows(page, "From a template");
  site.remove(template);
  await page.getByText("From a template").waitFor({ state: "detached" });
  site.write("site.toml", site.read("site.toml").replace(/title = ".*"/, 'title = "Another name"'));
  await shows(page, "Another name");
});

on("what does not concern a page leaves it alone", {}, async ({ page, site, context }) => {
  const { page: other } = await visit(context, `${site.url}archive/about.html`);
  site.write("content/pages/about.md", `${site.read("content/pages/about.md")}\nOne more paragraph.\n`);
  await shows(other, "One more paragraph.");
  site.write("content/pages/about.md", `${site.read("content/pages/about.md")}\nAnd another one.\n`);
  await shows(other, "And another one.");
  assert.ok(await isMarked(page), "the other page was loaded again");
});

const CSS = "themes/gleaner/static/style.css";
const colour = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

on("a style sheet is exchanged without a reload, and the page is never without one", {
  files: { [CSS]: "body { background: rgb(1, 2, 3) }" },
}, async ({ page, site }) => {
  assert.equal(await colour(page), "rgb(1, 2, 3)");
  await page.evaluate(() => {
    globalThis.colours = new Set();
    const look = () => { globalThis.colours.add(getComputedStyle(document.body).backgroundColor); requestAnimationFrame(look); };
    look();
  });
  for (const value of ["rgb(4, 5, 6)", "rgb(7, 8, 9)"]) {
    site.write(CSS, `body { background: ${value} }`);
    await page.waitForFunction((value) => getComputedStyle(document.body).backgroundColor === value, value);
  }
  const seen = await page.evaluate(() => [...globalThis.colours]);
  assert.deepEqual(seen.filter((one) => !["rgb(1, 2, 3)", "rgb(4, 5, 6)", "rgb(7, 8, 9)"].includes(one)), []);
  await page.waitForFunction(() => document.querySelectorAll("link[rel=stylesheet]").length === 1);
  assert.ok(await isMarked(page), "the page was loaded again");
});

const image = (width) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="10"><rect width="5" height="5"/></svg>`;

on("an image is exchanged, a script is not", {
  files: {
    "content/static/a b.svg": image(10),
    "content/static/own.js": "globalThis.own = 1;",
    "content/static/own.html": '<!doctype html><title>x</title><img src="a%20b.svg" alt="x"><script src="own.js"></script>',
  },
  path: "archive/own.html",
}, async ({ page, site }) => {
  site.write("content/static/a b.svg", image(20));
  await page.waitForFunction(() => document.querySelector("img").naturalWidth === 20);
  assert.ok(await isMarked(page), "the page was loaded again");
  site.write("content/static/own.js", "globalThis.own = 2;");
  await page.waitForFunction(() => globalThis.own === 2);
  assert.ok(!await isMarked(page));
});

/** A page as it is shown, but for what the preview tells its script. */
const drawn = (page) => page.evaluate(() => {
  const root = document.documentElement.cloneNode(true);
  const told = root.querySelector('script[src="/-gleaner/reload.js"]');
  for (const name of told.getAttributeNames()) told.removeAttribute(name);
  root.querySelector("gleaner-preview")?.remove();
  // What was asked for while the next edition came may have been exchanged for the same.
  for (const link of root.querySelectorAll("link[href]")) {
    const url = new URL(link.getAttribute("href"), location.href);
    url.searchParams.delete("edition");
    link.setAttribute("href", url.href);
  }
  return root.outerHTML;
});

on("a page is patched in its place, and is what a reload shows", { path: "archive/" }, async ({ page, site, mark }) => {
  const note = (words) => `+++\nentry = "https://www.w3.org/Provider/Style/URI"\n+++\n\n${words}\n`;
  const title = (words) => site.read("site.toml").replace(/title = ".*"/, `title = "${words}"`);
  const links = await page.locator("main a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  const entry = links.find((link) => /^\.\/\d{4}\/\d\d\/.+-[a-z2-7]{8}\.html$/.test(link));
  const places = { home: "archive/", entry: `archive/${entry}`, tags: "archive/tags/index.html", own: "archive/long.html" };
  await page.locator("button.theme").click();
  for (const [name, place] of Object.entries(places)) {
    await page.goto(site.url + place);
    await mark();
    const edits = {
      title: ["site.toml", title(`A name for ${name}`), `A name for ${name}`],
      note: ["content/notes/new.md", note(`First *words* of ${name}.`), name === "home" && `of ${name}.`],
      changed: ["content/notes/new.md", note(`Other words of ${name}.\n\nAnd more.`), name === "home" && `Other words of ${name}.`],
      own: ["content/pages/long.md", `${LONG}\n## A heading for ${name}\n\n- one\n- two\n`, name === "own" && `A heading for ${name}`],
      first: ["content/pages/long.md", `# Another title\n\nWords before for ${name}.\n\n${LONG}`, name === "own" && `Words before for ${name}.`],
      page: ["content/pages/new.md", `+++\ntitle = "New for ${name}"\nnav = 1\n+++\n\nx\n`, `New for ${name}`],
    };
    for (const [edit, [file, text, words]] of Object.entries(edits)) {
      site.write(file, text);
      if (!words) continue;
      await page.getByText(words).first().waitFor({ state: "attached" });
      const patched = await drawn(page);
      assert.ok(await isMarked(page), `${name}, ${edit}: the page was loaded again`);
      await page.reload();
      assert.equal(patched, await drawn(page), `${name}, ${edit}`);
      await mark();
    }
    site.remove("content/notes/new.md");
    site.remove("content/pages/new.md");
    await page.getByText(`New for ${name}`).first().waitFor({ state: "detached" });
  }
});

for (const [way, head] of [["a patch", ""], ["a reload", '<script src="own.js"></script>']]) on(`${way} keeps the place, the focus and what was open`, {
  files: {
    "content/pages/long.md": `${LONG}\n[A link](about.md)\n\n${"More.\n\n".repeat(80)}`,
    "content/static/own.js": "",
    "themes/gleaner/templates/page.html": `{% extends "gleaner/page.html" %}{% block head %}${head}{% endblock head %}`,
  },
}, async ({ page, site }) => {
  await page.locator("main a", { hasText: "A link" }).focus();
  await page.evaluate(() => scrollTo(0, 2345));
  for (const words of ["First change.", "Second change."]) {
    site.write("content/pages/long.md", `${site.read("content/pages/long.md")}\n${words}\n`);
    await page.getByText(words).waitFor({ state: "attached" });
    await page.waitForFunction(() => document.readyState === "complete" && scrollY === 2345);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "A link");
  }
  assert.equal(await isMarked(page), way === "a patch");
  assert.equal(await page.evaluate(() => history.scrollRestoration), "auto");
});

const BROKEN = '{% extends "gleaner/page.html" %}\n{% block main %}{{ oops }{% endblock main %}\n';

on("what is wrong stands on top of the last good page until it is mended", {}, async ({ page, site }) => {
  const template = "themes/gleaner/templates/page.html";
  site.write(template, BROKEN);
  await panel(page).waitFor();
  assert.equal(await panel(page).getAttribute("role"), "alertdialog");
  const text = await panel(page).innerText();
  for (const part of ["1 error", "error[template-syntax]", `--> ${template}:2:`, "{{ oops }", "^"]) {
    assert.ok(text.includes(part), `${part} is missing: ${text}`);
  }
  await shows(page, "A paragraph of a few words.");
  assert.ok(await isMarked(page), "the page beneath was loaded again");
  // Put away, it stays away until something else is wrong.
  await page.keyboard.press("Escape");
  await panel(page).waitFor({ state: "detached" });
  assert.equal(await badge(page).innerText(), "1 error");
  await badge(page).click();
  await panel(page).getByRole("button", { name: "Dismiss" }).click();
  await page.reload();
  await badge(page).waitFor();
  assert.equal(await panel(page).count(), 0);
  site.write(template, BROKEN.replace("oops", "other"));
  await panel(page).waitFor();
  site.remove(template);
  await page.locator("gleaner-preview").waitFor({ state: "detached" });
});

on("an error of one page is told where that page is shown", { path: "archive/about.html" }, async ({ page, site, context }) => {
  const { page: home } = await visit(context, `${site.url}archive/`);
  site.write("themes/gleaner/templates/home.html", "{{ nothing.such }}\n");
  await panel(home).getByText("template-failed").waitFor();
  assert.equal(await panel(page).count(), 0);
  site.remove("themes/gleaner/templates/home.html");
  await panel(home).waitFor({ state: "detached" });
});

on("warnings that come when an error is mended wait in the corner", { path: "archive/" }, async ({ page, site }) => {
  const settings = site.read("site.toml");
  site.write("site.toml", "[site]\ntitle = oops\n");
  await panel(page).getByText("config-syntax").waitFor();
  // It is told together: the settings were what stood in the way.
  site.write("content/notes/odd.txt", "");
  site.write("site.toml", settings);
  await badge(page).waitFor();
  assert.equal(await panel(page).count(), 0);
  assert.equal(await badge(page).innerText(), "1 warning");
});

const FEED = `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>${HOSTILE.replaceAll("<", "&lt;")}</title><updated>2025-01-01T00:00:00Z</updated></feed>`;

on("names of files and feeds are shown as text", {
  files: {
    [`content/notes/${HOSTILE}.txt`]: "",
    [`content/snapshots/evil/${HOSTILE}.xml`]: FEED,
  },
  allowed: ["ERR_"],
}, async ({ page, site, context }) => {
  await badge(page).waitFor();
  assert.match(await badge(page).innerText(), /^\d+ warnings$/);
  await badge(page).click();
  assert.equal(await panel(page).getAttribute("role"), "dialog");
  await panel(page).getByText(`${HOSTILE}.txt`).first().waitFor();
  assert.equal(await panel(page).locator("img").count(), 0);
  // The same on our own page, where there is no site at all.
  site.write(`content/notes/${HOSTILE}.txt`, "");
  site.write("site.toml", `[site]\ntitle = '${HOSTILE}'\n`);
  await panel(page).getByText("base_url").first().waitFor();
  await site.stop();
  await site.again();
  const broken = await visit(context, `${site.url}archive/`);
  await broken.page.getByRole("heading", { name: "There is no site to show yet" }).waitFor();
  assert.equal(await broken.page.locator("img").count(), 0);
  for (const one of [page, broken.page]) {
    assert.equal(await one.evaluate(() => globalThis.hacked), undefined);
  }
  none(broken.messages.filter((message) => !message.includes("status of 503")));
}, );

on("a site that is broken at first appears when it is mended", {
  files: { "site.toml": "[site]\ntitle = oops\n" },
  path: "archive/about.html",
  allowed: ["status of 503"],
}, async ({ page, site }) => {
  await page.getByText("error[config-syntax]").waitFor();
  site.write("site.toml", "[site]\ntitle = \"Still wrong\"\n");
  await page.getByText("error[config-missing-key]").waitFor();
  site.write("site.toml", '[site]\ntitle = "Mended"\nbase_url = "https://example.org/archive/"\n');
  await page.getByRole("link", { name: "Mended" }).first().waitFor();
  assert.equal(await page.locator("gleaner-preview").count(), 0);
});

on("a tab finds its server again, and catches up", { allowed: ["ERR_"] }, async ({ page, site }) => {
  await site.stop();
  site.write("content/pages/long.md", "Written meanwhile.\n");
  await site.again();
  await shows(page, "Written meanwhile.");
});

on("a page without a change stays as it is, whatever else is asked for", { path: "archive/about.html" }, async ({ page, site }) => {
  await page.evaluate(() => {
    document.dispatchEvent(new Event("visibilitychange"));
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  });
  site.write("content/pages/about.md", `${site.read("content/pages/about.md")}\nOne more paragraph.\n`);
  await shows(page, "One more paragraph.");
});

for (const [name, options] of [
  ["light, on a desktop", { viewport: DESKTOP, colorScheme: "light" }],
  ["dark, on a phone", { viewport: PHONE, colorScheme: "dark" }],
]) {
  on(`what is wrong can be read by everybody: ${name}`, {
    options: { ...options, reducedMotion: "reduce" },
    files: { "content/notes/ignored.txt": "" },
  }, async (visited) => {
    const { page, site } = visited;
    await badge(page).waitFor();
    none(await violations(visited));
    site.write("themes/gleaner/templates/page.html", `${"x".repeat(300)}\n${BROKEN}`);
    await panel(page).waitFor();
    none(await violations(visited));
    none(await overflow(page));
    const box = await panel(page).boundingBox();
    const { width, height } = options.viewport;
    assert.ok(box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y + box.height <= height + 1, JSON.stringify(box));
    assert.ok(await page.evaluate(() => document.activeElement.localName === "gleaner-preview"), "it has the focus");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await panel(page).waitFor({ state: "detached" });
  });
}

test("our own page can be read by everybody, without scripts, too", async () => {
  const site = await preview({ "site.toml": "[site]\n" });
  for (const scripts of [true, false]) {
    const context = await browser.newContext({ viewport: PHONE });
    const visited = await visit(context, `${site.url}archive/`, { scripts });
    await visited.page.getByText("error[config-missing-key]").first().waitFor();
    if (scripts) none(await violations(visited));
    none(await overflow(visited.page));
    await context.close();
  }
  await site.close();
});
