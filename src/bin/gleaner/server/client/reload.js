// What only the preview has: a page that changed is patched (patch.js), or loaded again and stays
// where it was; a style sheet or image that changed is exchanged; and what is wrong with the site
// stands on top of it.
//
// All text is set as text, never as markup: it names files and feeds of anybody.
(function () {
  "use strict";

  var EVENTS = "/-gleaner/events";
  var STYLES = "/-gleaner/overlay.css";
  /** How long to wait before a server that went away is looked for again. */
  var RETRY = 1000;
  /** Where what a reload must keep is kept, by tab. */
  var KEPT = "gleaner-preview-kept";
  /** What the reader put away, by tab. */
  var DISMISSED = "gleaner-preview-dismissed";

  var script = document.currentScript;
  var tab = {
    page: script.dataset.page,
    hash: script.dataset.hash,
    edition: script.dataset.edition,
  };
  /** The paths of scripts under which a page may be patched, this one among them. */
  var known = [new URL(script.src).pathname].concat((script.dataset.known || "").split(" "));
  /** Our own pages tell by themselves what is wrong. */
  var isOurs = script.dataset.ours !== undefined;

  function stored(key, value) {
    try {
      if (value === undefined) return sessionStorage.getItem(key);
      if (value === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, value);
    } catch (error) {
      // No storage: a reload forgets.
    }
    return null;
  }

  // The stream. A hidden tab has none, as browsers allow six to a host: it asks when it is shown.

  var source = null;
  var retry = 0;
  var isLeaving = false;

  function open() {
    clearTimeout(retry);
    if (source || isLeaving || document.hidden) return;
    source = new EventSource(EVENTS + "?" + new URLSearchParams(tab));
    source.addEventListener("reload", renew);
    source.addEventListener("assets", function (event) {
      exchange(JSON.parse(event.data));
    });
    source.addEventListener("diagnostics", function (event) {
      if (!isOurs) tell(JSON.parse(event.data));
    });
    source.addEventListener("error", function () {
      // The browser would ask with what the tab knew at first.
      close();
      retry = setTimeout(open, RETRY);
    });
  }

  function close() {
    clearTimeout(retry);
    if (source) source.close();
    source = null;
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) close();
    else open();
  });
  addEventListener("pagehide", function () {
    isLeaving = true;
    close();
  });
  addEventListener("pageshow", function (event) {
    isLeaving = false;
    if (event.persisted) open();
  });

  // The page as it is now: in its place, where that comes to the same, else by a reload.

  /** What is shown, as it was sent; known before it is needed. */
  var shown = null;

  /** The page at this address, and what its script is told. */
  function fetched(cache) {
    return fetch(location.href, { cache: cache }).then(function (response) {
      if (!response.ok || response.redirected) throw new Error("no page");
      return response.text();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      var own = Array.from(page.scripts).pop();
      var told = Object.assign({}, own.dataset);
      // They differ each time.
      Object.keys(told).forEach(function (name) { delete own.dataset[name]; });
      return { page: page, told: told };
    });
  }

  function remember() {
    shown = fetched("force-cache");
    // Where it cannot be had, there is a reload.
    shown.catch(function () {});
  }

  function renew() {
    close();
    var next = shown && shown.then(function () { return fetched("no-cache"); });
    Promise.all([shown, next]).then(function (pages) {
      var before = pages[0];
      var after = pages[1];
      if (isLeaving) return;
      if (before.told.hash !== tab.hash || after.told.page !== tab.page) throw new Error("another page");
      script.patch(before.page, after.page, document, known);
      tab.hash = after.told.hash;
      shown = next;
      open();
    }).catch(reload);
  }

  if (!isOurs) addEventListener("load", remember, { once: true });

  // A reload, and what it keeps: the place, what is open, what has the focus.

  function reload() {
    close();
    isLeaving = true;
    keep();
    location.reload();
  }

  function keep() {
    var focused = document.activeElement;
    stored(KEPT, JSON.stringify({
      page: tab.page,
      x: scrollX,
      y: scrollY,
      details: all("details").map(function (one) {
        return [label(one), one.open];
      }),
      focus: focused && focused !== document.body && place(focused),
    }));
    history.scrollRestoration = "manual";
  }

  function restore() {
    var kept = JSON.parse(stored(KEPT) || "null");
    stored(KEPT, null);
    if (!kept || kept.page !== tab.page) return;
    var details = all("details");
    kept.details.forEach(function (one, index) {
      if (details[index] && label(details[index]) === one[0]) details[index].open = one[1];
    });
    var focus = kept.focus && all(kept.focus.name)[kept.focus.index];
    if (focus) focus.focus({ preventScroll: true });
    var moved = false;
    var back = function () {
      if (!moved) scrollTo({ left: kept.x, top: kept.y, behavior: "instant" });
    };
    ["wheel", "touchstart", "keydown", "pointerdown"].forEach(function (name) {
      addEventListener(name, function () { moved = true; }, { once: true, passive: true });
    });
    back();
    // What has loaded since may have moved everything.
    addEventListener("load", function () {
      back();
      history.scrollRestoration = "auto";
    }, { once: true });
  }

  function all(selector) {
    return Array.from(document.querySelectorAll(selector));
  }

  function label(details) {
    var summary = details.querySelector("summary");
    return summary ? summary.textContent : "";
  }

  function place(element) {
    var name = element.localName;
    return { name: name, index: all(name).indexOf(element) };
  }

  // Style sheets and images are exchanged; what else a page is made of is not, and it is loaded again.

  /** Style sheets that a new one replaces, once it is there. */
  var replaced = new WeakMap();

  function exchange(assets) {
    tab.edition = assets.edition;
    var left = assets.paths && new Set(assets.paths.filter(isLoaded));
    var has = function (url) {
      return url && isHere(url) && (!assets.paths || assets.paths.includes(path(url)));
    };
    var done = function (url) {
      if (left) left.delete(path(url));
    };
    all("link[rel~=stylesheet], link[rel~=icon]").forEach(function (link) {
      if (!has(link.href)) return;
      done(link.href);
      exchangeLink(link, assets.edition);
    });
    all("img[src]").forEach(function (image) {
      if (image.srcset || image.closest("picture") || !has(image.src)) return;
      done(image.src);
      image.src = fresh(image.src, assets.edition);
    });
    // A script, a font, an image of a style sheet, one of several of a picture.
    if (left && left.size > 0) reload();
  }

  function exchangeLink(link, edition) {
    var next = link.cloneNode();
    next.href = fresh(link.href, edition);
    if (!link.relList.contains("stylesheet")) {
      link.replaceWith(next);
      return;
    }
    // The old one goes when the new one is there: no moment without any.
    var before = [link].concat(replaced.get(link) || []);
    replaced.set(next, before);
    next.addEventListener("load", function () {
      before.forEach(function (one) { one.remove(); });
    });
    next.addEventListener("error", function () { next.remove(); });
    link.after(next);
  }

  function fresh(url, edition) {
    var next = new URL(url, location.href);
    next.searchParams.set("edition", edition);
    return next.href;
  }

  function isHere(url) {
    return new URL(url, location.href).origin === location.origin;
  }

  /** The path of a URL as the server has it. */
  function path(url) {
    var raw = new URL(url, location.href).pathname;
    try {
      return decodeURIComponent(raw);
    } catch (error) {
      return raw;
    }
  }

  function isLoaded(asked) {
    return performance.getEntriesByType("resource").some(function (entry) {
      return isHere(entry.name) && path(entry.name) === asked;
    });
  }

  // What is wrong: errors on top of the page, until they are mended or put away; warnings wait in a
  // corner.

  var overlay = null;

  function tell(told) {
    if (told.errors + told.warnings === 0) {
      stored(DISMISSED, null);
      remove();
      return;
    }
    var errors = JSON.stringify(told.items.filter(isError));
    // Only warnings that the reader opened stay open.
    var wasOpen = overlay && overlay.isOpen && !overlay.hasErrors && told.errors === 0;
    if ((told.errors > 0 && stored(DISMISSED) !== errors) || wasOpen) {
      show(told, errors, true);
    } else {
      show(told, errors, false);
    }
  }

  function isError(one) {
    return one.severity === "error";
  }

  /** Draws the panel, or the badge that opens it. */
  function show(told, errors, isOpen) {
    if (!overlay) overlay = attach();
    var hadFocus = overlay.root.activeElement;
    overlay.isOpen = isOpen;
    overlay.hasErrors = told.errors > 0;
    overlay.dismiss = function () {
      stored(DISMISSED, errors);
      show(told, errors, false);
      giveBack();
    };
    var content = isOpen ? panel(told) : badge(told, errors);
    overlay.content.replaceChildren(content);
    // Nobody who types is interrupted.
    var focused = document.activeElement;
    var isFree = !focused || focused === document.body || focused === overlay.host;
    if (isOpen && (isFree || hadFocus)) {
      if (!hadFocus) overlay.before = focused;
      content.focus({ preventScroll: true });
    }
  }

  function giveBack() {
    var before = overlay.before;
    overlay.before = null;
    if (before && before.isConnected && before !== document.body) {
      before.focus({ preventScroll: true });
    }
  }

  function attach() {
    var host = document.createElement("gleaner-preview");
    var root = host.attachShadow({ mode: "open" });
    var styles = document.createElement("link");
    styles.rel = "stylesheet";
    styles.href = STYLES;
    // Not before it looks like something.
    host.hidden = true;
    styles.addEventListener("load", function () { host.hidden = false; });
    var content = document.createElement("div");
    content.className = "preview";
    root.append(styles, content);
    // The keys of the page are not meant.
    host.addEventListener("keydown", function (event) {
      event.stopPropagation();
    });
    document.documentElement.append(host);
    return { host: host, root: root, content: content, isOpen: false, hasErrors: false, dismiss: null, before: null };
  }

  function remove() {
    if (!overlay) return;
    if (overlay.isOpen) giveBack();
    overlay.host.remove();
    overlay = null;
  }

  addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !overlay || !overlay.isOpen) return;
    event.stopPropagation();
    overlay.dismiss();
  }, true);

  function panel(told) {
    var title = make("h2", "title", count(told));
    title.id = "title";
    var button = make("button", "dismiss", "Dismiss");
    button.type = "button";
    button.title = "Escape";
    button.addEventListener("click", function () { overlay.dismiss(); });
    var head = make("div", "head", title, button);
    var note = told.errors > 0 ? "The page behind this is the last good one." : "";
    var list = make("div", "list", note && make("p", "note", note));
    told.items.forEach(function (one) { list.append(item(one)); });
    var hidden = told.errors + told.warnings - told.items.length;
    if (hidden > 0) list.append(make("p", "note", "… and " + hidden + " more: see the terminal."));
    // What scrolls can be scrolled by keys.
    list.tabIndex = 0;
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", "What is wrong");
    var panel = make("div", told.errors > 0 ? "panel errors" : "panel", head, list);
    panel.setAttribute("role", told.errors > 0 ? "alertdialog" : "dialog");
    panel.setAttribute("aria-labelledby", "title");
    panel.tabIndex = -1;
    return panel;
  }

  function badge(told, errors) {
    var button = make("button", told.errors > 0 ? "badge errors" : "badge", count(told));
    button.type = "button";
    button.addEventListener("click", function () {
      overlay.before = null;
      show(told, errors, true);
      overlay.content.firstChild.focus({ preventScroll: true });
    });
    return button;
  }

  function count(told) {
    return [[told.errors, "error"], [told.warnings, "warning"]].filter(function (pair) {
      return pair[0] > 0;
    }).map(function (pair) {
      return pair[0] + " " + pair[1] + (pair[0] === 1 ? "" : "s");
    }).join(", ");
  }

  /** One diagnostic, as the terminal has it. */
  function item(one) {
    var kind = make("span", one.severity, one.severity + "[" + one.code + "]");
    var item = make("section", "item", make("p", "message", kind, ": " + one.message));
    if (one.file !== undefined) {
      var where = [one.file, one.line, one.column].filter(function (part) {
        return part !== undefined;
      });
      item.append(make("p", "place", "--> " + where.join(":")));
    }
    if (one.excerpt) item.append(excerpt(one));
    if (one.hint !== undefined) item.append(make("p", "hint", make("b", "", "hint: "), one.hint));
    return item;
  }

  /** The line, and below it what is marked. The marks are bytes of UTF-8. */
  function excerpt(one) {
    var bytes = new TextEncoder().encode(one.excerpt.text);
    var part = function (from, to) {
      return new TextDecoder().decode(bytes.slice(from, to));
    };
    var marked = one.excerpt.marked;
    var before = part(0, marked.start);
    var inside = part(marked.start, marked.end);
    var gutter = one.line + " | ";
    var blank = gutter.replace(/\d/g, " ");
    var carets = before.replace(/[^\t]/gu, " ") + "^".repeat(Math.max(Array.from(inside).length, 1));
    var under = make("span", "", make("span", "gutter", blank), make("span", "carets", carets));
    under.setAttribute("aria-hidden", "true");
    var lines = make("pre", "excerpt", make("span", "gutter", gutter), before,
      make("mark", "", inside), part(marked.end), "\n", under);
    lines.tabIndex = 0;
    return lines;
  }

  function make(name, className) {
    var element = document.createElement(name);
    if (className) element.className = className;
    element.append.apply(element, Array.from(arguments).slice(2).filter(Boolean));
    return element;
  }

  restore();
  open();
})();
