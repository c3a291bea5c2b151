import { DEFAULT_LIMITS, type Limits, readLimits } from './limit-table.ts';

export type { Limits } from './limit-table.ts';

/**
 * From the environment, so that threads and every command have the same; `--limit` is put there before anything of
 * this folder is loaded.
 */
export const LIMITS: Limits = { ...DEFAULT_LIMITS, ...readLimits(process.env.DLINT_LIMITS ?? '', 'DLINT_LIMITS') };

/** What to do about a bound that was reached: its flag, with twice of what it is, or as much as is needed. */
export function raise<N extends keyof Limits>(name: N, { [name]: now }: Pick<Limits, N> = LIMITS, needed = 0): string {
  if (needed === 0 && /Bytes$/.test(name) && now > 0 && now < 1000) {
    return `${name}=${now} is ${now} bytes; with a unit it is more: --limit ${name}=${now}MiB`;
  }
  return `if you trust the image, raise the bound: --limit ${name}=${quantity(name, Math.max(now * 2, needed))}`;
}

function quantity(name: string, value: number): string {
  const units = ['GiB', 'MiB', 'KiB'];
  const power = /Bytes$/.test(name) ? units.findIndex((_, i) => value % 1024 ** (3 - i) === 0) : -1;
  return power < 0 ? String(value) : `${value / 1024 ** (3 - power)}${units[power]}`;
}
