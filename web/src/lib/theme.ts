import { create } from 'zustand';

export type Theme = 'system' | 'light' | 'dark';

const STORED = 'thread.theme';
const dark = () => matchMedia('(prefers-color-scheme: dark)');

function stored(): Theme {
  try {
    const value = localStorage.getItem(STORED);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

export const useTheme = create<{ theme: Theme }>(() => ({ theme: stored() }));

export function setTheme(theme: Theme): void {
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // It holds for this visit only.
  }
  useTheme.setState({ theme });
  paint();
}

function paint(): void {
  const { theme } = useTheme.getState();
  const isDark = theme === 'dark' || (theme === 'system' && dark().matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
}

/** Follows the system, and the choice made in another tab. */
export function followTheme(): void {
  paint();
  dark().addEventListener('change', paint);
  addEventListener('storage', (event) => {
    if (event.key === STORED) {
      useTheme.setState({ theme: stored() });
      paint();
    }
  });
}
