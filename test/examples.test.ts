import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exampleImage } from '../scripts/example/image.ts';

test('examples/app/image.tar is what scripts/example/image.ts makes', async () => {
  const committed = readFileSync(new URL('../examples/app/image.tar', import.meta.url));
  expect(committed.equals(await exampleImage())).toBe(true);
});

test('another epoch makes another archive', async () => {
  const committed = readFileSync(new URL('../examples/app/image.tar', import.meta.url));
  expect(committed.equals(await exampleImage(1_600_000_000))).toBe(false);
});
