// Finds a page of each kind in the folder of a built site. Kinds are told by their paths, which
// never move, and entries by what feed.json says of them: so a new design changes nothing here.

import { pages, read } from "./sites.mjs";

const REFRESH = /http-equiv="?refresh/i;
/** The names of indexes, which are no tags, sources or sharers. */
const INDEX = /\/(index|by-count)\.html$/;
const NUMBERED = /\/\d+\.html$/;

export const isRedirect = (site, file) => REFRESH.test(read(site, file));

/** The first page that a pattern names, and that is none of the exceptions. */
function named(all, pattern, ...exceptions) {
  return all.find((file) => pattern.test(file) && !exceptions.some((exception) => exception.test(file)));
}

/** The page of the first entry in feed.json of which something holds. */
function entry(site, holds) {
  const { items } = JSON.parse(read(site, "feed.json"));
  const found = items.find((item) => holds(item.content_html ?? "", item));
  return found && decodeURIComponent(found.url.slice(site.url.length));
}

/** The newest page of a list that has older, numbered ones. */
function withArchive(all, folder) {
  const oldest = all.find((file) => file.startsWith(`${folder}/`) && file.endsWith("/1.html"));
  return oldest?.replace(/\/1\.html$/, ".html");
}

/** Every kind of page and a file of it, or undefined where the site has none. */
export function everyKind(site) {
  const all = pages(site);
  const term = (folder) => named(all, new RegExp(`^${folder}/[^/]+\\.html$`), INDEX);
  const has = (...tags) => (html) => tags.some((tag) => html.includes(`<${tag}`));
  return new Map(Object.entries({
    "home": "index.html",
    "entry with text": entry(site, (html, item) => has("p")(html)
      && !has("pre", "table", "img", "figure")(html) && !item.external_url?.includes("awkward")),
    "entry without text": entry(site, (html) => html === ""),
    "entry without title": entry(site, (html) => html.includes("never had a title")),
    "entry with code": entry(site, has("pre")),
    "entry with a table": entry(site, has("table")),
    "entry with a figure": entry(site, has("figure")),
    "entry from right to left": entry(site, (html) => /[\u0590-\u05ff]/.test(html)),
    "entry with a long word": entry(site, (html) => html.includes("Rindfleisch")),
    "entry with many tags": entry(site, (_, item) => (item.tags ?? []).length >= 30),
    "undated entry": named(all, /^undated\/.*[a-z2-7]{8}\.html$/),
    "revisions": named(all, /\/revisions\.html$/),
    "tag": withArchive(all, "tags") ?? term("tags"),
    "tag archive": named(all, /^tags\/.*\/\d+\.html$/),
    "tags by name": "tags/index.html",
    "tags by count": "tags/by-count.html",
    "source": named(all, /^sources\/.*example\.com.*\.html$/, INDEX, NUMBERED) ?? term("sources"),
    "sources by name": "sources/index.html",
    "sources by count": "sources/by-count.html",
    "sharer": term("sharers"),
    "sharers by name": "sharers/index.html",
    "sharers by count": "sharers/by-count.html",
    "month": named(all, /^\d{4}\/\d{2}\/index\.html$/),
    "month archive": named(all, /^\d{4}\/\d{2}\/\d+\.html$/),
    "year": named(all, /^\d{4}\/index\.html$/),
    "undated": named(all, /^undated(\/index)?\.html$/),
    "dates": "dates/index.html",
    "on this day": "on-this-day/index.html",
    "a day": named(all, /^on-this-day\/\d{2}-\d{2}(\/index)?\.html$/),
    "statistics": named(all, /^statistics(\/index)?\.html$/),
    "search": named(all, /^search(\/index)?\.html$/),
    "own page": "about.html",
    "not found": "404.html",
    "redirect": all.find((file) => isRedirect(site, file)),
  }).map(([kind, file]) => [kind, all.includes(file) ? file : undefined]));
}
