// Makes of the page that is shown what a reload would show, in its place: only what differs is
// exchanged, so scripts, style sheets and images stay as they are, and the reader where they are.
//
// A reload runs scripts. So this is done only where it is known what they do, and only to what they
// left alone: what is removed must be as it was sent, what is added nothing that scripts look for.
// In doubt, there is a reload.
(function () {
  "use strict";

  /** What is not exchanged: it loads, runs or rules, has a state of its own, or scripts change it. */
  var FRAGILE = "script, style, base, noscript, template, iframe, object, embed, video, audio, dialog, "
    + "form, input, textarea, select, option, details, [autofocus], [contenteditable], meta[http-equiv], "
    + "link:not([rel=alternate], [rel=canonical]), header.site, footer.site, [data-today], [data-day]";

  function doubt(why) {
    throw new Error(why);
  }

  /** Whether all scripts of a page are known to bear it. */
  function isKnown(page, known) {
    return Array.from(page.scripts).every(function (script) {
      var source = script.getAttribute("src");
      return source !== null && known.includes(new URL(source, location.href).pathname);
    });
  }

  /**
   * Makes of `live`, which was made of `before`, what `after` makes; both are documents. Does all of
   * it, or throws and does nothing. `known` has the paths of scripts that bear it.
   */
  document.currentScript.patch = function (before, after, live, known) {
    if (!isKnown(before, known) || !isKnown(after, known)) doubt("a script");
    var edits = [];
    compare(before.documentElement, after.documentElement, live.documentElement, edits);
    edits.forEach(function (edit) { edit(); });
  };

  function compare(before, after, live, edits) {
    if (before.isEqualNode(after)) return;
    if (!before.attributes) {
      if (live.data !== before.data) doubt("another text");
      edits.push(function () { live.data = after.data; });
      return;
    }
    // Frames of the site stay: only what stands in them is exchanged.
    var isFrame = before.matches("header.site, footer.site");
    if (!isFrame && before.matches(FRAGILE)) doubt("a " + before.localName);
    compareAttributes(before, after, live, edits);
    compareChildren(before, after, live, edits);
  }

  function compareAttributes(before, after, live, edits) {
    var names = before.getAttributeNames().concat(after.getAttributeNames());
    names.forEach(function (name) {
      var value = after.getAttribute(name);
      if (value === before.getAttribute(name)) return;
      if (live.getAttribute(name) !== before.getAttribute(name)) doubt("another attribute");
      edits.push(function () {
        if (value === null) live.removeAttribute(name);
        else live.setAttribute(name, value);
      });
    });
  }

  function compareChildren(before, after, live, edits) {
    var old = Array.from(before.childNodes);
    var next = Array.from(after.childNodes);
    // What scripts add stands at the end.
    var shown = Array.from(live.childNodes).slice(0, old.length);
    var isAligned = shown.length === old.length && shown.every(function (node, index) {
      return node.nodeName === old[index].nodeName;
    });
    if (!isAligned) doubt("another order");
    var start = 0;
    while (start < old.length && start < next.length && old[start].isEqualNode(next[start])) start += 1;
    var same = 0;
    var most = Math.min(old.length, next.length) - start;
    while (same < most && old[old.length - 1 - same].isEqualNode(next[next.length - 1 - same])) same += 1;
    var gone = old.slice(start, old.length - same);
    var come = next.slice(start, next.length - same);
    var isAlike = gone.length === come.length && gone.every(function (node, index) {
      return node.nodeName === come[index].nodeName;
    });
    if (isAlike) {
      gone.forEach(function (node, index) { compare(node, come[index], shown[start + index], edits); });
    } else {
      exchange(live, shown.slice(start, start + gone.length), gone, come, live.childNodes[old.length - same] || null, edits);
    }
  }

  function exchange(parent, shown, gone, come, behind, edits) {
    var focused = document.activeElement;
    shown.forEach(function (node, index) {
      if (!node.isEqualNode(gone[index])) doubt("another node");
      if (focused !== document.body && node.contains(focused)) doubt("the focus");
    });
    gone.concat(come).forEach(function (node) {
      if (node.attributes && (node.matches(FRAGILE) || node.querySelector(FRAGILE))) doubt("a fragile node");
    });
    edits.push(function () {
      shown.forEach(function (node) { node.remove(); });
      come.forEach(function (node) { parent.insertBefore(document.importNode(node, true), behind); });
    });
  }
})();
