import { part } from './dom.ts';

type Theme = 'auto' | 'light' | 'dark';

const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const LABELS: Readonly<Record<Theme, string>> = { auto: 'Theme: auto', light: 'Theme: light', dark: 'Theme: dark' };

/** The switch between what the system asks for, light and dark. */
export function startTheme(onChange: () => void): void {
  const root = document.documentElement;
  const control = part('theme');
  let theme: Theme = 'auto';
  const show = () => {
    control.textContent = LABELS[theme];
    if (theme === 'auto') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', theme);
  };
  control.addEventListener('click', () => {
    theme = NEXT[theme];
    show();
    onChange();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  show();
  control.hidden = false;
}

/** A hue of its own for each layer, in degrees; neighbours are far from each other (golden angle). */
export function layerHue(layer: number): number {
  return ((layer - 1) * 137.508 + 250) % 360;
}

/** As light and strong as the page's theme has the cells of the map. */
export function hueColor(hue: number, styles: CSSStyleDeclaration): string {
  return `oklch(${styles.getPropertyValue('--cell-lightness')} ${styles.getPropertyValue('--cell-chroma')} ${hue.toFixed(1)})`;
}
