// What the pages can do beyond links: a choice of light or dark, keyboard shortcuts, and today's
// place among the days of the year. Without this script nothing is missing but these.
(function () {
  "use strict";

  var root = document.documentElement;
  var settings = document.currentScript.dataset;

  function stored(key, value) {
    try {
      if (value === undefined) return localStorage.getItem(key);
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch (error) {
      // No storage: the choice holds for this page.
    }
    return null;
  }

  function make(name, attributes, children) {
    var element = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      element.setAttribute(key, attributes[key]);
    });
    (children || []).forEach(function (child) {
      element.append(child);
    });
    return element;
  }

  // Light, dark, or what the system prefers.

  var THEMES = ["auto", "light", "dark"];
  var toggle = make("button", { type: "button", class: "theme" });

  function showTheme() {
    var theme = root.dataset.theme || "auto";
    toggle.setAttribute("aria-label", "Colours: " + theme);
    toggle.title = "Colours: " + theme;
  }

  function nextTheme() {
    var now = THEMES.indexOf(root.dataset.theme || "auto");
    var next = THEMES[(now + 1) % THEMES.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    stored("gleaner-theme", next === "auto" ? "" : next);
    showTheme();
  }

  toggle.addEventListener("click", nextTheme);
  showTheme();
  document.querySelector("header.site").append(toggle);

  // Today, among the days of the year.

  var today = document.querySelector("[data-today]");
  if (today) {
    var now = new Date();
    var two = function (number) { return (number < 10 ? "0" : "") + number; };
    var day = document.querySelector('[data-day="' + two(now.getMonth() + 1) + "-" + two(now.getDate()) + '"]');
    var link = day && day.querySelector("a");
    if (day) day.setAttribute("aria-current", "date");
    var month = day && day.closest("section").querySelector("h2").textContent;
    if (link) today.append("Today, ", make("a", { href: link.getAttribute("href") }, [link.title]), ".");
    else if (day) today.append("Today, " + day.textContent.trim() + " " + month + ": nothing yet.");
  }

  // Keyboard shortcuts: single keys, which readers can turn off (WCAG 2.1.4).

  if (!("keys" in settings)) return;
  var off = stored("gleaner-keys") === "off";
  var SHORTCUTS = [
    ["j", "Next entry", function () { step(1); }],
    ["k", "Previous entry", function () { step(-1); }],
    ["/", "Search", search],
    ["h", "Home", function () { location.href = settings.home; }],
    ["t", "Light, dark or automatic colours", nextTheme],
    ["?", "This help", help]
  ];

  /** Goes to an entry of a list, or from an entry to its neighbour: what is next is older. */
  function step(by) {
    var titles = Array.from(document.querySelectorAll("main .h-entry:not(.entry) .p-name"));
    if (!titles.length) {
      var neighbour = document.querySelector('main a[rel="' + (by > 0 ? "prev" : "next") + '"]');
      if (neighbour) neighbour.click();
      return;
    }
    var at = titles.indexOf(document.activeElement);
    if (at < 0) {
      // The first one that is in sight.
      at = titles.findIndex(function (title) { return title.getBoundingClientRect().top >= 0; });
      at = by > 0 ? at : at - 1;
      if (at < 0) at = by > 0 ? titles.length - 1 : 0;
    } else {
      at = Math.max(0, Math.min(titles.length - 1, at + by));
    }
    titles[at].focus({ preventScroll: true });
    titles[at].closest(".h-entry").scrollIntoView({ block: "start" });
  }

  function search() {
    var field = document.querySelector('input[type="search"]');
    if (field) field.focus();
    else if (settings.search) location.href = settings.search;
  }

  var dialog;

  function help() {
    if (!dialog) {
      var box = make("input", { type: "checkbox", id: "g-keys" });
      box.checked = !off;
      box.addEventListener("change", function () {
        off = !box.checked;
        stored("gleaner-keys", off ? "off" : "");
      });
      dialog = make("dialog", { class: "help", "aria-labelledby": "g-help" }, [
        make("h2", { id: "g-help" }, ["Keyboard shortcuts"]),
        make("dl", {}, SHORTCUTS.filter(function (shortcut) {
          return shortcut[2] !== search || settings.search;
        }).map(function (shortcut) {
          return make("div", {}, [
            make("dt", {}, [make("kbd", {}, [shortcut[0]])]), make("dd", {}, [shortcut[1]])
          ]);
        })),
        make("p", {}, [box, " ", make("label", { for: "g-keys" }, ["Shortcuts are on"])]),
        make("form", { method: "dialog" }, [make("button", {}, ["Close"])])
      ]);
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (off || (dialog && dialog.open)) return;
    // The box of the help may have the focus for a moment after the help is closed.
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    var shortcut = SHORTCUTS.find(function (known) { return known[0] === event.key; });
    if (!shortcut) return;
    event.preventDefault();
    shortcut[2]();
  });

  // Pointers find the help, too, and whoever turned the keys off finds how to turn them on.
  var button = make("button", { type: "button", class: "plain" }, ["Keyboard shortcuts"]);
  button.addEventListener("click", help);
  document.querySelector("footer.site").append(make("p", {}, [button]));
})();
