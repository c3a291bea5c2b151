import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rules } from '../../rules/index.ts';
import { lint } from '../../src/lint/lint.ts';
import { ruleSet } from '../../src/lint/rule-set.ts';
import { renderLintHtml } from '../../src/report/html/lint-html.ts';
import type { LintReport } from '../../src/report/lint-report.ts';
import { hasBrowser, launchBrowser, openHtml } from '../support/browser.ts';
import { HOSTILE } from '../support/hostile-page.ts';
import { lowContrasts } from './in-page.ts';

const set = ruleSet(rules, { preset: 'strict' });
const sample =
  'FROM debian\nRUN apt-get update\nRUN pip install flask && cd /x\nRUN npm install express && sudo true\n';

function reportOf(files: readonly { path: string; text: string }[]): LintReport {
  return {
    tool: { name: 'dlint', version: '0' },
    files: files.map((source) => ({ source, findings: lint(source, set).findings, fixed: 0 })),
    errors: [],
    rules: new Map(rules.map(({ id, why, summary }) => [id, { why, summary, url: `https://docs.example/${id}` }])),
    repaired: false,
  };
}

const few = reportOf([
  { path: 'app/Dockerfile', text: sample },
  { path: 'clean/Dockerfile', text: 'FROM scratch\nCOPY a /a\nUSER 1000\nCMD ["/a"]\n' },
  { path: 'web/Dockerfile', text: 'FROM node:22\nRUN npm install express\n' },
]);
const all = few.files.reduce((sum, { findings }) => sum + findings.length, 0);

describe.skipIf(!hasBrowser())('the page of lint in a browser', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 150_000);
  afterAll(async () => await browser?.close());

  const open = (report: LintReport, options = {}) => openHtml(browser, renderLintHtml(report), options);

  test('filters by severity, rule and words, and says how many are left', async () => {
    const { page, complaints } = await open(few);
    const sum = () => page.locator('#sum').textContent();
    const shown = () => page.locator('.finding:visible').count();
    expect(await sum()).toBe(`${all} findings in 2 files`);
    expect(await shown()).toBe(all);
    await page.click('[data-severity="warning"]');
    expect(await page.locator('.finding[data-severity="warning"]:visible').count()).toBe(0);
    expect(await shown()).toBeGreaterThan(0);
    await page.click('[data-severity="warning"]');
    await page.selectOption('#rule', 'pip-cache');
    expect(await sum()).toBe(`1 of ${all} findings in 1 file`);
    expect(await page.locator('.finding:visible mark').textContent()).toBe('pip install');
    await page.selectOption('#rule', '');
    await page.fill('#words', 'WEB express');
    await expect.poll(sum).toMatch(/in 1 file$/);
    expect(await page.locator('.file:visible h2').allTextContents()).toEqual(['web/Dockerfile']);
    await page.fill('#words', 'nothing like it');
    await expect.poll(() => page.locator('#nothing').isVisible()).toBe(true);
    await page.fill('#words', '');
    await expect.poll(shown).toBe(all);
    expect(complaints).toEqual([]);
  });

  test('a rule opens its reason where the finding is, and leads to its page', async () => {
    const { page, complaints } = await open(few);
    const finding = page.locator('.finding[data-rule="pip-cache"]');
    await finding.locator('.head a').click();
    expect(await finding.locator('.why').textContent()).toContain('pip keeps every wheel');
    expect(await finding.locator('.why a').getAttribute('href')).toBe('https://docs.example/pip-cache');
    await finding.locator('.head a').click();
    expect(await finding.locator('.why').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('is dark where the system or the switch says so, and light on paper', async () => {
    const { page } = await open(few, { colorScheme: 'dark' });
    const mark = page.locator('mark').first();
    const colors = () =>
      mark.evaluate((node) => [node, document.body].map((one) => getComputedStyle(one).backgroundColor));
    const [dark, light] = [
      ['rgb(90, 42, 42)', 'rgb(16, 19, 23)'],
      ['rgb(253, 226, 223)', 'rgb(245, 246, 248)'],
    ];
    expect(await colors()).toEqual(dark);
    await page.click('#theme');
    expect(await colors()).toEqual(light);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.click('#theme');
    expect(await colors()).toEqual(dark);
    await page.emulateMedia({ media: 'print' });
    expect(await colors()).toEqual(['rgb(253, 226, 223)', 'rgb(255, 255, 255)']);
  });

  test('without JavaScript everything is there but the filter', async () => {
    const { page } = await open(few, { javaScriptEnabled: false });
    expect(await page.locator('.finding').count()).toBe(all);
    expect(await page.locator('#filter').isVisible()).toBe(false);
    expect(await page.locator('.finding[data-rule="pip-cache"] .head a').getAttribute('href')).toBe('#rule-pip-cache');
    expect(await page.locator('#rule-pip-cache').textContent()).toContain('pip keeps every wheel');
  });

  test('hostile paths and instructions are text', async () => {
    const text = HOSTILE.map((name) => `RUN pip install ${JSON.stringify(name)} ${name.replace(/\n/g, ' ')}\n`).join(
      '',
    );
    const { page, complaints } = await open(reportOf(HOSTILE.map((path) => ({ path, text: `FROM debian\n${text}` }))));
    expect(await page.locator('h2').allTextContents()).toContain('</script><script>alert(2)</script>');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => document.scripts.length)).toBe(1);
    for (const link of (await page.locator('.finding .head a').all()).slice(0, 20)) await link.click();
    expect(complaints).toEqual([]);
  });

  test.each(['light', 'dark'] as const)(
    '%s: readable, and as wide as the window, on a desk and on a telephone',
    async (colorScheme) => {
      for (const width of [1280, 400]) {
        const { page, complaints } = await open(few, { colorScheme, viewport: { width, height: 900 } });
        await page.locator('.finding .head a').first().click();
        expect(await page.evaluate(lowContrasts)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        expect(complaints).toEqual([]);
        await page.context().close();
      }
    },
  );

  test('ten thousand findings: a choice of the filter is there at once', async () => {
    const [file] = few.files;
    const times = Math.ceil(10_000 / (file?.findings.length ?? 1));
    const files = Array.from({ length: times }, (_, i) => {
      const source = { path: `service-${i}/Dockerfile`, text: sample };
      return { source, fixed: 0, findings: file?.findings ?? [] };
    });
    const many = {
      ...few,
      files: files.map((each) => ({ ...each, findings: each.findings.map((one) => ({ ...one })) })),
    };
    const { page, complaints } = await open(many);
    expect(await page.locator('.finding').count()).toBeGreaterThanOrEqual(10_000);
    const spent = await page.evaluate(filterSteps);
    expect(spent.left).toBe(times);
    // The script's own time, which other programs on the machine lengthen a little; layout is only of what is in sight.
    expect(spent.milliseconds).toBeLessThan(1500);
    expect(complaints).toEqual([]);
  });
});

/** Runs in the page: the median time of the script for a choice, and how many findings the last one leaves. */
function filterSteps(): { milliseconds: number; left: number } {
  const select = document.getElementById('rule') as HTMLSelectElement;
  const steps = ['pip-cache', '', 'pip-cache', '', 'pip-cache'].map((rule) => {
    const started = performance.now();
    select.value = rule;
    select.dispatchEvent(new Event('change'));
    document.body.getBoundingClientRect();
    return performance.now() - started;
  });
  const left = [...document.querySelectorAll<HTMLElement>('.finding')].filter(({ hidden }) => !hidden).length;
  return { milliseconds: steps.sort((a, b) => a - b)[2] ?? 0, left };
}
