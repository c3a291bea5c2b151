import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { renderInspectHtml } from '../../src/report/html/inspect-html.ts';
import type { ImageReport } from '../../src/report/image-report.ts';
import { temporaryFile } from './images.ts';

const executablePath = process.env.DLINT_CHROMIUM ?? '/usr/bin/chromium';

/** Whether the browser is there. With `CI` set it must be: then tests run, and fail. */
export function hasBrowser(): boolean {
  return Boolean(process.env.CI) || existsSync(executablePath);
}

export async function launchBrowser(): Promise<Browser> {
  // Containers and root have no sandbox to offer.
  return await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 120_000 });
}

export interface OpenPage {
  readonly page: Page;
  /** What must not be: errors, requests, dialogs, violations of the policy, each as a line. */
  readonly complaints: string[];
  /** Milliseconds until the page's script had run. */
  readonly opened: number;
}

export async function openReport(
  browser: Browser,
  report: ImageReport,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  return await openHtml(browser, renderInspectHtml(report), options);
}

/** The report as a file in a page of its own that may load nothing else. */
export async function openHtml(
  browser: Browser,
  pieces: Iterable<string>,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const file = resolve(temporaryFile([...pieces].join(''), 'report.html'));
  const url = pathToFileURL(file).href;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  await page.route('**', async (route) => {
    const asked = route.request().url();
    if (asked === url) return await route.continue();
    complaints.push(`request of ${asked}`);
    await route.abort();
  });
  // Violations of the policy are told of on the console, as errors.
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  const started = performance.now();
  await page.goto(url);
  if (options.javaScriptEnabled !== false) await page.waitForSelector('html.scripted');
  return { page, complaints, opened: performance.now() - started };
}
