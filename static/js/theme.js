// @ts-check
// Loaded in the head, before anything is drawn, so that a page never flashes in the wrong colours.
// Without it a page follows the device. The choice stays on the device and is nobody's business else.
(() => {
  const key = "homeward.theme";
  const root = document.documentElement;
  root.classList.add("js");

  try {
    const kept = localStorage.getItem(key);
    if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  } catch {
    // A browser that keeps nothing follows the device.
  }

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-toggle]")) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem(key, root.dataset.theme);
    } catch {
      // The choice then holds for this page.
    }
  });
})();
