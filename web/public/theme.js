// Runs before the first paint, so that nobody sees the wrong theme flash by.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('thread.theme') ?? 'system';
  } catch {
    // Storage may be forbidden; the system's theme is a fine answer.
  }
  const dark =
    choice === 'dark' ||
    (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
