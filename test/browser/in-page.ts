/** Runs in the page: to the end in 60 steps, a frame each; gives the milliseconds of a usual one, the median. */
export async function scrollThrough(): Promise<number> {
  const grid = document.getElementById('grid') as HTMLElement;
  const end = grid.scrollHeight;
  const steps: number[] = [];
  for (let step = 1; step <= 60; step++) {
    const started = performance.now();
    grid.scrollTop = (end * step) / 60;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    steps.push(performance.now() - started);
  }
  return steps.sort((a, b) => a - b)[30] as number;
}

/** Runs in the page: texts whose contrast to what is behind them is below 4.5:1. */
export function lowContrasts(): string[] {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color: string): [number, number, number, number] => {
    if (!context) throw new Error('no canvas');
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data] as [number, number, number, number];
  };
  const luminance = (color: string) => {
    const [r, g, b] = rgba(color).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): string => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (rgba(backgroundColor)[3] === 255) return backgroundColor;
    }
    return 'white';
  };
  const low: string[] = [];
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes].find((node) => node.nodeType === 3 && node.textContent?.trim());
    if (!text || !element.checkVisibility() || element.closest('script, canvas, option, noscript')) continue;
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${ratio.toFixed(2)} ${element.className} ${text.textContent?.trim().slice(0, 40)}`);
  }
  return low;
}
