// Light or dark, where the reader chose one: before anything is drawn, so that nothing flashes.
(function () {
  "use strict";
  try {
    var theme = localStorage.getItem("gleaner-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch (error) {
    // No storage: the preference of the system it is.
  }
})();
