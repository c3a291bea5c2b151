import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectImage } from '../../src/layers/inspect.ts';
import type { ImageReport, PathChange } from '../../src/report/image-report.ts';
import { hasBrowser, launchBrowser, openReport } from '../support/browser.ts';
import { HOSTILE, inspectHostile } from '../support/hostile-page.ts';
import { lowContrasts, scrollThrough } from './in-page.ts';

const example = resolve(import.meta.dirname, '../../examples/app/image.tar');
const inspectExample = (layer?: number) =>
  inspectImage(example, { tool: { name: 'dlint', version: '0' }, ...(layer !== undefined && { layer }) });

const ROW = 26;
const paths = (page: Page) => page.locator('#spacer .row > :first-child').allTextContents();
const sum = (page: Page) => page.locator('#files-sum').textContent();

describe.skipIf(!hasBrowser())('the page in a browser', { timeout: 90_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 150_000);
  afterAll(async () => await browser?.close());

  test('opens without an error, a request, or a violation of its policy', async () => {
    const { page, complaints } = await openReport(browser, await inspectExample());
    expect(await page.title()).toContain('image.tar');
    expect(await page.locator('#layer-table tbody tr').count()).toBe(10);
    expect(await sum(page)).toBe('203 paths, 706.1 kB');
    expect(complaints).toEqual([]);
  });

  test('on a narrow screen, the instruction of every layer is in sight', async () => {
    const options = { viewport: { width: 400, height: 900 } };
    const { page, complaints } = await openReport(browser, await inspectExample(), options);
    await page.click('tr[data-layer="3"] button');
    const boxes = await page
      .locator('#layer-table tr[data-layer] td:last-child, #layer-detail')
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().toJSON() as DOMRect));
    expect(boxes).toHaveLength(11);
    for (const { left, right, width, height } of boxes) {
      expect([left >= 0, right <= 400, width > 250, height > 10]).toEqual([true, true, true, true]);
    }
    expect(complaints).toEqual([]);
  });

  test('the policy holds: what is not of the page does not run', async () => {
    const { page, complaints } = await openReport(browser, await inspectExample());
    const outcome = await page.evaluate(async () => {
      const tag = document.createElement('script');
      const asText = await Promise.resolve()
        .then(() => {
          tag.text = 'window.ran = true';
          document.body.append(tag);
          return 'taken';
        })
        .catch((error: Error) => error.name);
      const loaded = await fetch('https://127.0.0.1/x').then(
        () => 'loaded',
        () => 'refused',
      );
      return { asText, loaded, ran: 'ran' in window };
    });
    expect(outcome).toEqual({ asText: 'TypeError', loaded: 'refused', ran: false });
    // The request does not even come as far as to be aborted.
    expect(complaints.filter((complaint) => complaint.startsWith('request'))).toEqual([]);
    expect(complaints.join('\n')).toContain('Content Security Policy');
  });

  test('hostile names and instructions are text everywhere', async () => {
    const report = await inspectHostile();
    const { page, complaints } = await openReport(browser, report);
    for (const index of [2, 1]) await page.click(`tr[data-layer="${index}"] button`);
    await page.click('tr[data-layer="1"] button');
    await page.selectOption('#show', 'all');
    const shown = (await paths(page)).join('\n');
    expect(shown).toContain('etc/<img src=x onerror=alert(1)>.txt');
    expect(shown).toContain('etc/</script><script>');
    expect(shown).toContain('\\u202egnp.exe');
    expect(shown).toContain('a\\u2028b\\u2029c');
    expect(shown).toContain('line\\nend\\ttab');
    expect(shown).toContain('bytes-\\xff\\xfe');
    expect(shown).toContain('etc/__proto__');
    await page.fill('#search', HOSTILE[0]?.split(' ')[0] ?? '');
    await expect.poll(() => sum(page)).toContain('2 changes');
    await page.locator('#spacer .row').last().click();
    expect(await page.locator('#history h3').textContent()).toBe('/etc/<img src=x onerror=alert(1)>.txt');
    await page.click('[data-view="waste"]');
    await page.hover('#map', { position: { x: 200, y: 200 } });
    expect(await page.locator('img, #spacer script, #history script, b').count()).toBe(0);
    expect(await page.evaluate(() => document.scripts.length)).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('the search finds, the list of changes too, and says when there is nothing', async () => {
    const { page, complaints } = await openReport(browser, await inspectExample());
    await page.fill('#search', 'JINJA init');
    await expect.poll(() => paths(page)).toEqual(['usr/local/lib/python3.13/site-packages/jinja2/__init__.py']);
    await page.fill('#search', 'apt/lists');
    await expect.poll(() => sum(page)).toMatch(/^1 path,/);
    await page.selectOption('#show', 'removed');
    await expect.poll(() => sum(page)).toMatch(/^\d+ changes, 155\.0 kB/);
    await page.fill('#search', 'no such thing');
    await expect.poll(() => page.locator('#spacer').textContent()).toBe('No such paths.');
    expect(complaints).toEqual([]);
  });

  test('columns sort, by pointer and by keyboard', async () => {
    const { page, complaints } = await openReport(browser, await inspectExample());
    await page.click('#heads button:has-text("Size")');
    expect((await paths(page))[0]).toBe('usr/bin/node');
    expect(await page.getAttribute('#heads > :nth-child(2)', 'aria-sort')).toBe('descending');
    await page.keyboard.press('Enter');
    expect(await page.getAttribute('#heads > :nth-child(2)', 'aria-sort')).toBe('ascending');
    await page.focus('#grid');
    await page.keyboard.press('End');
    expect((await paths(page)).at(-1)).toBe('usr/bin/node');
    await page.keyboard.press('Enter');
    expect(await page.locator('#history h3').textContent()).toBe('/usr/bin/node');
    expect(complaints).toEqual([]);
  });

  test('a layer is chosen, shows its facts, and is what the map and the table are about', async () => {
    const { page, complaints } = await openReport(browser, await inspectExample());
    await page.click('tr[data-layer="7"]');
    expect(await page.locator('#layer-detail').textContent()).toContain('by layer 9');
    expect(await page.locator('#scope').textContent()).toContain('Layer 7RUN pip install');
    expect(await page.locator('#space-remark').textContent()).toBe('171.0 kB that layer 7 added or modified');
    expect(await sum(page)).toBe('61 changes, 171.0 kB');
    await page.click('[data-view="waste"]');
    expect(await page.locator('#space-remark').textContent()).toContain('74.0 kB of waste');
    await page.click('#scope button');
    expect(await page.locator('#layer-detail').count()).toBe(0);
    expect(await page.locator('#space-remark').textContent()).toContain('321.4 kB');
    expect(complaints).toEqual([]);
  });

  test('the map opens what is clicked; the way back and the keyboard go up', async () => {
    const { page, complaints } = await openReport(browser, await inspectExample());
    const crumbs = () => page.locator('#crumbs button').allTextContents();
    expect(await crumbs()).toEqual(['/']);
    // The title of the largest directory.
    await page.click('#map', { position: { x: 60, y: 9 } });
    expect(await crumbs()).toEqual(['/', 'usr']);
    expect(await page.locator('#largest .mono').allTextContents()).toContain('bin/');
    await page.click('#largest button:has-text("bin/")');
    expect(await crumbs()).toEqual(['/', 'usr', 'bin']);
    await page.click('#largest button:has-text("node")');
    expect(await page.locator('#history h3').textContent()).toBe('/usr/bin/node');
    await page.focus('#map');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#map-said').textContent()).toMatch(/^\/usr\/bin\/\w+: .* kB, [\d.]+ %, layer \d+$/);
    await page.keyboard.press('Backspace');
    expect(await crumbs()).toEqual(['/', 'usr']);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect((await crumbs()).length).toBeGreaterThan(2);
    await page.click('#crumbs button:first-child');
    expect(await crumbs()).toEqual(['/']);
    expect(complaints).toEqual([]);
  });

  test('the history of a path names what each layer did to it, and which bytes are dead', async () => {
    const { page, complaints } = await openReport(browser, await inspectExample());
    await page.fill('#search', 'app/app.py');
    await expect.poll(() => sum(page)).toMatch(/^1 path,/);
    await page.click('#spacer .row');
    const steps = await page.locator('#history li').allTextContents();
    expect(steps).toHaveLength(2);
    expect(steps[0]).toMatch(/Layer 4 added.*331 B.*dead since layer 10 \(metadata\)/);
    expect(steps[1]).toMatch(/Layer 10 modified \(owner\)/);
    await page.click('#history .close');
    expect(await page.isVisible('#history')).toBe(false);
    expect(complaints).toEqual([]);
  });

  test('light and dark: as the system asks, and by the switch', async () => {
    const report = await inspectExample();
    const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const { page } = await openReport(browser, report, { colorScheme: 'light' });
    const light = await background(page);
    await page.click('#theme');
    await page.click('#theme');
    const dark = await background(page);
    expect(dark).not.toBe(light);
    const { page: other } = await openReport(browser, report, { colorScheme: 'dark' });
    expect(await background(other)).toBe(dark);
    await other.click('#theme');
    expect(await background(other)).toBe(light);
  });

  test.each(['light', 'dark'] as const)(
    '%s: text has the contrast that WCAG 2.2 asks for (1.4.3)',
    async (colorScheme) => {
      const { page } = await openReport(browser, await inspectExample(), { colorScheme });
      await page.click('tr[data-layer="7"] button');
      await page.click('#spacer .row');
      expect(await page.evaluate(lowContrasts)).toEqual([]);
    },
  );

  test('without JavaScript the head, the layers and the advice are there', async () => {
    const { page, complaints } = await openReport(browser, await inspectExample(), { javaScriptEnabled: false });
    expect(await page.locator('#layer-table tbody tr').count()).toBe(10);
    expect(await page.isVisible('#waste')).toBe(true);
    expect(await page.isVisible('.noscript')).toBe(true);
    expect(await page.isVisible('#space')).toBe(false);
    expect(await page.isVisible('#files')).toBe(false);
    expect(complaints).toEqual([]);
  });

  test('what is asked for by one layer is shown by that layer', async () => {
    const { page, complaints } = await openReport(browser, await inspectExample(4));
    expect(await page.locator('#layer-table tr[data-layer]').count()).toBe(1);
    expect(await sum(page)).toBe('12 changes, 59.0 kB');
    await page.click('tr[data-layer="4"]');
    expect(await sum(page)).toBe('12 changes, 59.0 kB');
    expect(complaints).toEqual([]);
  });

  test('150,000 files: few elements, and each step of scrolling, sorting and searching is short', async () => {
    const { page, complaints, opened } = await openReport(browser, await manyFiles(150_000));
    expect(await sum(page)).toContain('150,000 paths');
    const rows = () => page.locator('#spacer .row').count();
    expect(await rows()).toBeLessThan(60);
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(2500);
    const usual = await page.evaluate(scrollThrough);
    expect(await rows()).toBeLessThan(60);
    expect((await paths(page)).at(-1)).toBe('d149/file-149999.txt');
    await page.fill('#search', 'file-077777');
    await expect.poll(() => paths(page)).toEqual(['d077/file-077777.txt']);
    expect(await page.evaluate(() => document.getElementById('spacer')?.clientHeight)).toBe(ROW);
    expect(complaints).toEqual([]);
    // Wide bounds: the machine may be busy. A table of elements would take a hundred times as long.
    expect(opened).toBeLessThan(30_000);
    expect(usual).toBeLessThan(200);
  });

  test('half a million rows, which are more than a browser can scroll, can all be reached', async () => {
    const { page } = await openReport(browser, await manyFiles(500_000));
    await page.focus('#grid');
    await page.keyboard.press('End');
    await expect.poll(async () => (await paths(page)).at(-1)).toBe('d499/file-499999.txt');
    await page.keyboard.press('Home');
    await expect.poll(async () => (await paths(page))[0]).toBe('d000/file-000000.txt');
  }, 120_000);
});

/** The example's report with as many added files as asked for. */
async function manyFiles(count: number): Promise<ImageReport> {
  const report = await inspectExample();
  const [layer] = report.layers;
  const change = {
    change: 'added',
    kind: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 1_700_000_000,
    reasons: [],
  } as const;
  const nameOf = (i: number) =>
    `d${String(Math.floor(i / 1000)).padStart(3, '0')}/file-${String(i).padStart(6, '0')}.txt`;
  return {
    ...report,
    layers: [
      {
        ...(layer as NonNullable<typeof layer>),
        *changes() {
          for (let i = 0; i < count; i++) yield { ...change, path: nameOf(i), size: i % 5000 } satisfies PathChange;
        },
      },
    ],
  };
}
