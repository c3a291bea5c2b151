import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import { documentsOf, installedRulePage, rulePage } from '../src/rule-page.ts';

const { homepage, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

test('a page is where package.json says that pages are, and nowhere else', () => {
  expect(rulePage('pip-cache')).toBe(homepage ? expect.stringMatching(/\/docs\/rules\/pip-cache\.md$/) : null);
  expect(rulePage('pip-cache', 'https://docs.example/x/')).toBe('https://docs.example/x/docs/rules/pip-cache.md');
  expect(rulePage('acme/no-root', 'https://docs.example/x')).toBeNull();
});

test('on a forge it is the page of the version', () => {
  const page = 'blob/v1.2.3';
  expect(documentsOf('https://github.com/some/dlint', '1.2.3')).toBe(`https://github.com/some/dlint/${page}`);
  expect(documentsOf('https://github.com/some/dlint#readme', '1.2.3')).toBe(`https://github.com/some/dlint/${page}`);
  expect(documentsOf('https://gitlab.com/a/b/dlint/', '1.2.3')).toBe(`https://gitlab.com/a/b/dlint/-/${page}`);
  expect(documentsOf('https://github.com/some/dlint/tree/main', '1.2.3')).toBe(
    'https://github.com/some/dlint/tree/main',
  );
  expect(rulePage('pip-cache', 'https://github.com/some/dlint')).toContain(`/v${version}/docs/rules/`);
});

test('every rule has a page that is installed with the program', () => {
  for (const { id } of rules) {
    const page = installedRulePage(id);
    expect(page, id).toMatch(/^file:.*\/docs\/rules\/.*\.md$/);
    expect(existsSync(fileURLToPath(page as string)), id).toBe(true);
  }
  expect(installedRulePage('acme/no-root')).toBeNull();
});
