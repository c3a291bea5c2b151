import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { refreshScreens } from '../scripts/screens.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the screens in README.md are what dlint prints', () => {
  expect(readme.match(/^\$ dlint /gm)?.length).toBeGreaterThanOrEqual(3);
  expect(refreshScreens(readme)).toBe(readme);
});
