// Opens what a stored text embeds or shows, in its place, after a click. Without this script, or
// with a modifier key, the link leads to the original.
(function () {
  "use strict";

  function frame(link) {
    var element = document.createElement("iframe");
    element.src = link.dataset.frame;
    element.title = link.textContent;
    element.className = "g-embed";
    element.allowFullscreen = true;
    // YouTube plays nothing for a page that does not say where it is.
    element.referrerPolicy = "strict-origin-when-cross-origin";
    return element;
  }

  function image(link) {
    var element = document.createElement("img");
    element.src = link.href;
    element.alt = link.textContent;
    element.referrerPolicy = "no-referrer";
    return element;
  }

  document.addEventListener("click", function (event) {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    var link = event.target.closest("a.g-embed[data-frame], a.g-image");
    if (!link) return;
    event.preventDefault();
    var opened = link.dataset.frame ? frame(link) : image(link);
    link.replaceWith(opened);
    opened.tabIndex = -1;
    opened.focus();
  });
})();
