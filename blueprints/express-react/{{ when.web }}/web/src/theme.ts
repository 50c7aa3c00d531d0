const KEY = 'theme';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const darkness = window.matchMedia?.('(prefers-color-scheme: dark)');
darkness?.addEventListener('change', () => applyTheme());

/** The colours that were chosen in this browser; those of the system otherwise. */
export function chosenTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme();
}

export function applyTheme(): void {
  const theme = chosenTheme();
  const isDark = theme === 'dark' || (theme === 'system' && darkness?.matches === true);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
}
