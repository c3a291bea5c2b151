/** Bytes as people say them: decimal units, as `docker images` has them; three to four figures. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
  let value = bytes / 1000;
  let unit = 0;
  // 999.95 would be rounded to 1000.0.
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/**
 * A size and the bound that it is beyond, told apart also where both are rounded to the same. A bound below 1 kB is one
 * whose unit was forgotten: it says how it was read.
 */
export function sizeAndBound(bytes: number, bound: number): readonly [size: string, bound: string] {
  const isSame = byteSize(bytes) === byteSize(bound);
  const most = isSame ? counted(bound, 'byte') : byteSize(bound);
  const isTiny = bound > 0 && bound < 1000;
  return [
    isSame ? counted(bytes, 'byte') : byteSize(bytes),
    isTiny ? `${counted(bound, 'byte')} (write ${bound}MB for megabytes)` : most,
  ];
}

/** A share and the bound that it is beyond, both from 0 to 1, with as many places as tell them apart. */
export function shareAndBound(share: number, bound: number): readonly [share: string, bound: string] {
  const shown = (places: number) => [share, bound].map((one) => `${(one * 100).toFixed(places)} %`) as [string, string];
  const places = [1, 2, 3, 4].find((one) => new Set(shown(one)).size === 2);
  return shown(places ?? 6);
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 file`, `2,000 files`. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/** A share as `12.3 %`; of nothing, `0.0 %`. */
export function percent(part: number, whole: number): string {
  return `${(whole === 0 ? 0 : (part / whole) * 100).toFixed(1)} %`;
}
