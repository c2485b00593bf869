// The search page: asks the indexes, one for each year, the newest first, and shows what they find
// as a list to read. Nothing is fetched before a reader asks. The address says what was asked, so
// it can be kept, sent, and gone back to.
//
// What an index returns was written by strangers: it becomes text, never HTML.
(function () {
  "use strict";

  const PAGE = 10;
  const PATIENCE = 180;
  const EXCERPT = 32;
  const CHOICES = 60;
  const FACETS = ["tag", "source", "sharer"];
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  // Chinese and Japanese: each character is a word of its own, in the index and in a query.
  const ALONE = "[\\u3041-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{323af}]";

  const form = document.getElementById("g-find");
  const status = document.getElementById("g-status");
  const results = document.getElementById("g-results");
  const more = document.getElementById("g-more");
  const button = more.querySelector("button");
  const field = form.elements.q;
  const years = Array.from(form.elements.year.options).slice(1).map(function (option) {
    return { name: option.value, title: option.text };
  });

  if (location.protocol === "file:") {
    document.getElementById("g-disk").hidden = false;
    form.hidden = true;
    return;
  }

  // Indexes

  const opened = {};
  let last = Promise.resolve();

  /** The index of a year, which is fetched once; one after the other, for they share their WebAssembly. */
  function open(name) {
    if (!opened[name]) {
      opened[name] = last.then(function () { return load(name); });
      // What failed is tried again when it is asked again.
      last = opened[name].catch(function () { delete opened[name]; });
    }
    return opened[name];
  }

  async function load(name) {
    const folder = new URL(form.dataset.indexes, location.href).href;
    const pagefind = await import(folder + "core/pagefind.js");
    const index = new pagefind.PagefindWrapper({
      basePath: folder + name + "/",
      language: document.documentElement.lang.toLowerCase() || "unknown",
      primary: true,
      excerptLength: EXCERPT,
      excerptEllipsis: "…",
      noWorker: true
    });
    // It is to say which words it took for which; and this waits until it can be asked.
    await index.enterPlaygroundMode();
    return index;
  }

  /** What a year has for a question: { results, filters }. */
  async function ask(name, question) {
    const index = await open(name);
    const words = question.q ? spaced(question.q) : null;
    const values = FACETS.filter(function (facet) { return question[facet]; })
      .map(function (facet) { return facet + ":" + question[facet]; });
    const options = {
      filters: values.length ? { facet: values } : {},
      sort: question.sort || !words ? { date: "desc" } : {}
    };
    // The counts of a facet are known once its values are there.
    await Promise.all([index.filters(), words && index.preload(words, options)]);
    const answer = await index.search(words, options);
    if (!words || !answer.results.length) return answer;
    // The words alone decide: the counts of a facet must hold once it is chosen, and in any order.
    const isWhole = !values.length && !question.sort;
    return await isMeant(isWhole ? answer : await index.search(words), words) ? answer : { results: [] };
  }

  // Signs that tell a name from others: `C#` is indexed as `csharp`, `C++` as `cplusplus`.
  const SIGNED = /(^|[^\p{L}\p{N}#+_])(\p{L}[\p{L}\p{N}]*)([#+]+)(?![\p{L}\p{N}_])/gu;
  // Signs in front of letters or between them, which the index drops: all but `_`.
  const DROPPED = /((?!_)[\p{S}\p{Pc}])+(?=[\p{L}\p{N}_])/gu;
  // The index has no word that begins with three of them: they are marks of Pagefind's own.
  const MARK = /(^|[^\p{L}\p{N}_])_{3,}/gu;

  /** A text as the index reads it. */
  function spaced(text) {
    return text
      .replace(SIGNED, function (_, before, name, signs) {
        return before + name + signs.replaceAll("#", "sharp").replaceAll("+", "plus");
      })
      .replace(DROPPED, "").replace(MARK, "$1")
      .replace(new RegExp("(" + ALONE + ")", "gu"), " $1 ").trim();
  }

  // False friends. Where no word of an index begins with the stem of an asked word, Pagefind takes
  // the longest word that the stem begins with, "me" for "memory", and where there is none, it
  // leaves the asked word out. No option turns that off. Each year has an index of its own, so each
  // year that lacks a word would answer with others. What an index found is known without fetching
  // anything, but only as stems, and the text alone tells the good of it ("installa" finds the stem
  // of "installations") from the bad. So a year answers if it has, for each asked word, its stem or
  // a word that begins with it, or else if one of the texts to be shown first has such a word; and
  // these are fetched only where what was found is at least half of what was asked.

  async function isMeant(answer, words) {
    // Of a phrase, each word is there, and there are no scores.
    if (!answer.results[0].scores) return true;
    const stems = answer.search_keywords;
    const asked = plain(words).split(" ");
    const found = Array.from(new Set(answer.results.flatMap(matches)));
    const doubtful = [];
    for (const [at, stem] of stems.entries()) {
      const word = asked.length === stems.length ? asked[at] : stem;
      const length = stem.replace(/[^\p{L}\p{N}]/gu, "").length;
      if (!length || found.some(function (one) { return one === stem || one.startsWith(word); })) continue;
      const isNear = found.some(function (one) {
        return one.startsWith(stem) || (stem.startsWith(one) && one.length * 2 >= length);
      });
      if (!isNear) return false;
      doubtful.push(" " + word);
    }
    if (!doubtful.length) return true;
    const records = await Promise.all(answer.results.slice(0, PAGE).map(function (result) { return result.data(); }));
    return records.some(function (record) {
      const text = [record.content].concat(Object.values(record.meta)).join(" ");
      const read = " " + plain(spaced(text)) + " " + plain(text.replace(/\p{P}/gu, " "));
      return doubtful.every(function (word) { return read.includes(word); });
    });
  }

  /** The words of an index, as stems, that made it find a result. */
  function matches(result) {
    return result.scores.map(function (score) { return score.search_term; })
      .concat((result.verbose_meta_scores || []).flatMap(function (score) { return score.matched_terms; }));
  }

  /** Words as Pagefind takes them from a question: small, without accents and punctuation but `_`. */
  function plain(text) {
    return text.normalize("NFD").replace(/(?!_)[\p{M}\p{P}]/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
  }

  // The question: what the form and the address say

  const NAMES = ["q", "year"].concat(FACETS, "sort");

  function asked() {
    const question = {};
    NAMES.forEach(function (name) { question[name] = form.elements[name].value.trim(); });
    return question;
  }

  function address(question) {
    const query = new URLSearchParams();
    NAMES.forEach(function (name) { if (question[name]) query.set(name, question[name]); });
    const text = query.toString();
    return location.pathname + (text ? "?" + text : "");
  }

  function fill(query) {
    NAMES.forEach(function (name) {
      const value = query.get(name) || "";
      const control = form.elements[name];
      // A value that no index has named yet is a choice all the same.
      if (FACETS.includes(name) && value) control.append(new Option(value, value));
      control.value = value;
      if (control.value !== value) control.value = "";
    });
  }

  // A search: years are asked until there is a page of results, then as the reader goes on

  let search = null;

  function start() {
    const question = asked();
    const isEmpty = !question.q && !FACETS.some(function (facet) { return question[facet]; });
    search = {
      question: question,
      left: isEmpty ? [] : years.filter(function (year) { return !question.year || year.name === question.year; }),
      year: null,
      waiting: [],
      shown: 0,
      found: 0,
      counts: {}
    };
    document.title = (question.q ? "“" + question.q + "” – " : "") + title;
    if (isEmpty) {
      results.replaceChildren();
      tell("");
      return proceed(search, false);
    }
    results.setAttribute("aria-busy", "true");
    search.isFirst = true;
    goOn(search);
  }

  const title = document.title;

  /** Shows the next page of results. */
  async function goOn(current) {
    const before = current.shown;
    let first = null;
    try {
      while (current.shown - before < PAGE) {
        if (!current.waiting.length) {
          if (!current.left.length) break;
          await next(current);
          if (search !== current) return;
          continue;
        }
        const batch = current.waiting.splice(0, PAGE - (current.shown - before));
        const records = await Promise.all(batch.map(function (result) { return result.data(); }));
        if (search !== current) return;
        clear(current);
        const links = show(current, records);
        first = first || links[0];
        current.shown += records.length;
      }
    } catch (error) {
      if (search !== current) return;
      clear(current);
      tell("The search index could not be loaded. Try again later, or look among the tags and dates.");
      return proceed(current, false);
    }
    clear(current);
    conclude(current);
    // Who asked for more reads on at the first of them.
    if (before && first) first.focus({ preventScroll: true });
  }

  async function next(current) {
    current.year = current.left.shift();
    current.section = null;
    tell("Searching " + current.year.title + "…");
    const answer = await ask(current.year.name, current.question);
    if (search !== current) return;
    current.waiting = answer.results;
    current.inYear = answer.results.length;
    current.found += answer.results.length;
    count(current, (answer.filters || {}).facet || {});
  }

  function conclude(current) {
    const { found, left, year } = current;
    const matches = found === 1 ? "1 entry" : grouped(found) + " entries";
    if (!found && !left.length) {
      tell("Nothing found. Fewer words, or the beginning of a word, find more.");
    } else if (left.length) {
      tell(matches + " so far: " + left[0].title + (left.length > 1 ? " and older years are" : " is") + " not searched yet.");
    } else {
      tell(matches + ".");
    }
    if (current.waiting.length) button.textContent = "More of " + year.title;
    else if (left.length) button.textContent = "Older years";
    proceed(current, current.waiting.length > 0 || left.length > 0);
  }

  function proceed(current, canGoOn) {
    more.hidden = !canGoOn;
    choices(current);
  }

  function clear(current) {
    if (!current.isFirst) return;
    current.isFirst = false;
    results.removeAttribute("aria-busy");
    results.replaceChildren();
  }

  function tell(text) {
    status.textContent = text;
  }

  // Facets: the values that the results have, the most frequent first

  function count(current, values) {
    Object.keys(values).forEach(function (value) {
      if (values[value]) current.counts[value] = (current.counts[value] || 0) + values[value];
    });
  }

  function choices(current) {
    FACETS.forEach(function (facet) {
      const control = form.elements[facet];
      const chosen = current.question[facet];
      const start = facet + ":";
      const values = Object.keys(current.counts)
        .filter(function (value) { return value.startsWith(start); })
        .map(function (value) { return [value.slice(start.length), current.counts[value]]; })
        .sort(function (a, b) { return b[1] - a[1] || (a[0] < b[0] ? -1 : 1); })
        .slice(0, CHOICES);
      if (chosen && !values.some(function (value) { return value[0] === chosen; })) values.unshift([chosen, 0]);
      const options = values.map(function (value) {
        return new Option(value[0] + (value[1] ? " (" + grouped(value[1]) + ")" : ""), value[0]);
      });
      control.replaceChildren(control.options[0], ...options);
      control.value = chosen;
    });
  }

  // Results

  function show(current, records) {
    if (!current.section) {
      current.section = make("section", {}, [
        make("h2", {}, [current.year.title, " ", make("span", { class: "count" }, [grouped(current.inYear)])])
      ]);
      results.append(current.section);
    }
    return records.map(function (record) {
      const article = entry(record);
      current.section.append(article);
      return article.querySelector("a");
    });
  }

  function entry(record) {
    const meta = record.meta;
    const link = make("a", { href: form.dataset.root + record.raw_url, dir: "auto" }, [visible(meta.title || record.raw_url)]);
    const heading = [link];
    if (meta.host) heading.push(" ", make("span", { class: "host" }, [meta.host]));
    const line = [];
    if (meta.date) line.push(make("time", { datetime: meta.date }, [day(meta.date)]));
    if (meta.source && meta.source !== meta.host) line.push(make("bdi", {}, [visible(meta.source)]));
    if (meta.author) line.push(make("bdi", {}, ["by " + visible(meta.author)]));
    const tags = ((record.filters || {}).facet || [])
      .filter(function (value) { return value.startsWith("tag:"); })
      .map(function (value) { return narrower("tag", value.slice(4)); });
    if (tags.length) line.push(make("span", { class: "tags" }, tags.flatMap(function (tag) { return [tag, " "]; })));
    return make("article", {}, [
      make("h3", { class: "title" }, heading),
      make("p", { class: "excerpt", dir: "auto" }, marked(record.excerpt)),
      make("p", { class: "meta" }, line.flatMap(function (part, at) { return at ? [" · ", part] : [part]; }))
    ]);
  }

  /** A link to the same question, narrowed. */
  function narrower(facet, value) {
    const question = Object.assign({}, search.question, { [facet]: value });
    const link = make("a", { class: "tag", href: address(question) }, [value]);
    link.addEventListener("click", function (event) {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      fill(new URL(link.href).searchParams);
      commit();
      field.focus();
    });
    return link;
  }

  function day(date) {
    const [year, month, day] = date.split("-");
    return Number(day) + " " + MONTHS[month - 1] + " " + year;
  }

  /** A number as the pages write it. */
  function grouped(number) {
    return number.toLocaleString("en");
  }

  function visible(text) {
    return text.replace(/\u200a/g, "");
  }

  /** An excerpt, whose only tags are `mark` and whose only references are those of `<` and `>`. */
  function marked(excerpt) {
    const apart = new RegExp("(" + ALONE + "(?:</?mark>)*) (?=(?:</?mark>)*" + ALONE + ")", "gu");
    const nodes = [];
    excerpt.replace(apart, "$1").split(/(<mark>.*?<\/mark>)/).forEach(function (part) {
      const isMark = part.startsWith("<mark>");
      const text = part.replace(/<\/?mark>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">");
      if (text) nodes.push(isMark ? make("mark", {}, [text]) : text);
    });
    return nodes;
  }

  function make(name, attributes, children) {
    const element = document.createElement(name);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    element.append(...children);
    return element;
  }

  // What readers do

  let timer;

  /** Typing replaces the address, a choice makes a new one: going back undoes choices, not letters. */
  function typed() {
    clearTimeout(timer);
    const question = asked();
    if (search && address(question) === address(search.question)) return;
    history.replaceState(null, "", address(question));
    start();
  }

  function commit() {
    clearTimeout(timer);
    history.pushState(null, "", address(asked()));
    start();
  }

  field.addEventListener("input", function (event) {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(typed, PATIENCE);
  });
  field.addEventListener("compositionend", function () {
    timer = setTimeout(typed, PATIENCE);
  });
  form.addEventListener("change", function (event) {
    if (event.target !== field) commit();
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    typed();
  });
  button.addEventListener("click", function () {
    more.hidden = true;
    goOn(search);
  });
  addEventListener("popstate", read);

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const inField = event.target === field;
    if (event.key === "Escape" && inField && field.value) {
      event.preventDefault();
      field.value = "";
      typed();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [field].concat(Array.from(results.querySelectorAll("h3 a")));
    if (!more.hidden) stops.push(button);
    const at = stops.indexOf(document.activeElement);
    const to = at < 0 ? null : stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (!to) return;
    event.preventDefault();
    to.focus();
  });

  function read() {
    fill(new URL(location.href).searchParams);
    start();
  }

  read();
  if (!field.value) field.focus({ preventScroll: true });
})();
