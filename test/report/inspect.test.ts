import { describe, expect, it } from 'vitest';
import { permissions, printable, quoted } from '../../src/report/inspect-name.ts';
import { byteSize, count, counted, percent, shareAndBound, sizeAndBound } from '../../src/report/units.ts';

describe('names', () => {
  it('stay on one line and cannot steer a terminal', () => {
    expect(printable('a\nb\tc\x1b]0;x\x07\u202e\udcff')).toBe('a\\nb\\tc\\x1b]0;x\\x07\\u202e\\xff');
    expect(printable('naïve/日本/😀')).toBe('naïve/日本/😀');
  });

  it('are quoted as a shell would read them', () => {
    expect(quoted(['nginx', '-g', 'daemon off;', "it's", '', '$HOME'])).toBe(
      "nginx -g 'daemon off;' 'it'\\''s' '' '$HOME'",
    );
  });
});

describe('permissions', () => {
  it.each([
    ['file', 0o644, '-rw-r--r--'],
    ['directory', 0o1777, 'drwxrwxrwt'],
    ['file', 0o4755, '-rwsr-xr-x'],
    ['file', 0o2644, '-rw-r-Sr--'],
    ['directory', 0o1770, 'drwxrwx--T'],
    ['symlink', 0o777, 'lrwxrwxrwx'],
    ['character-device', 0o600, 'crw-------'],
    ['block-device', 0o660, 'brw-rw----'],
    ['fifo', 0, 'p---------'],
  ])('of a %s %o', (kind, mode, shown) => expect(permissions(kind, mode)).toBe(shown));
});

describe('units', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [157_888_293, '157.9 MB'],
    [3_643_000_000, '3.6 GB'],
    [Number.MAX_SAFE_INTEGER, '9.0 PB'],
  ])('%i bytes', (bytes, shown) => expect(byteSize(bytes)).toBe(shown));

  it('are counted with their thousands apart', () => {
    expect([count(999), count(1000), count(1_234_567)]).toEqual(['999', '1,000', '1,234,567']);
    expect([counted(1, 'entry', 'entries'), counted(2000, 'entry', 'entries')]).toEqual(['1 entry', '2,000 entries']);
    expect([percent(1, 3), percent(0, 0)]).toEqual(['33.3 %', '0.0 %']);
  });

  it('are told apart from the bound that they are beyond', () => {
    expect(sizeAndBound(2_000_000, 1_000_000)).toEqual(['2.0 MB', '1.0 MB']);
    expect(sizeAndBound(1_000_001, 1_000_000)).toEqual(['1,000,001 bytes', '1,000,000 bytes']);
    expect(sizeAndBound(2, 1)).toEqual(['2 B', '1 byte (write 1MB for megabytes)']);
    expect(shareAndBound(0.5, 0.9)).toEqual(['50.0 %', '90.0 %']);
    expect(shareAndBound(0.8999, 0.9)).toEqual(['89.99 %', '90.00 %']);
    expect(shareAndBound(0.9 - 1e-12, 0.9)).toEqual(['90.000000 %', '90.000000 %']);
  });
});
