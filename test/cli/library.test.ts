import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const load = (file: string) => import(/* @vite-ignore */ pathToFileURL(resolve(root, 'dist', file)).href);

test('the package lints, inspects and lists packages without the command line', async () => {
  const { lint, rules, ruleSet, fixAll, inspectImage, createSbom } = await load('index.js');
  const set = ruleSet(rules);
  const source = { path: 'Dockerfile', text: 'FROM python:3.13\nRUN pip install flask\n' };
  const findings = lint(source, set).findings.map(({ rule }: { rule: string }) => rule);
  expect(findings).toContain('pip-cache');
  expect(fixAll(source, (each: unknown) => lint(each, set).findings).text).toContain('--no-cache-dir');
  const image = resolve(root, 'examples/app/image.tar');
  const report = await inspectImage(image, { tool: { name: 'test', version: '1' } });
  expect(report.storedBytes).toBe(report.liveBytes + report.deadBytes);
  expect((await createSbom(image)).packages.length).toBeGreaterThan(10);
});

test('dlint/rule and dlint/testing are there for those who write rules', async () => {
  expect((await load('rule.js')).defineRule).toBeTypeOf('function');
  expect((await load('testing.js')).testRule).toBeTypeOf('function');
});
