import { afterEach, describe, expect, test } from 'vitest';
import { dlint, folder } from '../support/cli.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const { remove } of made.splice(0)) remove();
});

const rule = (id: string, check: string) =>
  `{ id: '${id}', category: 'style', severity: 'warning', summary: 'x', why: 'y', examples: [], check${check} }`;
const says = `(model) { return [{ at: model.dockerfile.instructions[0].span, message: 'the good one speaks' }]; }`;

function lint(plugins: Readonly<Record<string, string>>, ...flags: string[]) {
  const files = folder({
    ...plugins,
    '.dlint.yaml': `plugins: [${Object.keys(plugins).map((name) => JSON.stringify(`./${name}`))}]\n`,
    Dockerfile: 'FROM a:1\nRUN sudo x\n',
  });
  made.push(files);
  const run = dlint(['lint', '-f', 'compact', ...flags], { cwd: files.path });
  return { ...run, hasOurs: run.stdout.includes('sudo'), hasGood: run.stdout.includes('the good one speaks') };
}

describe('a plugin that breaks is named; the others, and ours, go on', () => {
  test.each([
    ['when it is loaded', 'throw new Error("bad start")', 'plugin ./bad.mjs: bad start'],
    [
      'in check',
      `export default ${rule('acme/bad', `() { throw new Error('bad check'); }`)}`,
      'rule acme/bad broke down',
    ],
    [
      'in a generator',
      `export default ${rule('acme/bad', `: function* () { yield* null; }`)}`,
      'rule acme/bad broke down',
    ],
    ['by no list', `export default ${rule('acme/bad', '() { return 5; }')}`, 'rule acme/bad broke down'],
    ['by a promise', `export default ${rule('acme/bad', ': async () => []')}`, 'rule acme/bad broke down'],
    [
      'by a problem that is none',
      `export default ${rule('acme/bad', '() { return [{ at: 3 }]; }')}`,
      'rule acme/bad broke down',
    ],
    [
      'by a fix that is none',
      `export default ${rule('acme/bad', `() { return [{ at: { start: 0, end: 1 }, message: 'm', fix: { title: 't', edits: [{}] } }]; }`)}`,
      'rule acme/bad broke down',
    ],
  ])('%s', (_, text, message) => {
    const good = `export default ${rule('acme/good', says)}`;
    const { status, stderr, hasOurs, hasGood } = lint({ 'bad.mjs': text, 'good.mjs': good });
    expect([status, hasOurs, hasGood]).toEqual([2, true, true]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/plugin-rule\.ts|chunks\//);
  });

  test('problems without end come to an end', () => {
    const endless = `: function* () { for (;;) yield { at: { start: 0, end: 99999 }, message: 'again' }; }`;
    const { status, stdout } = lint({ 'a.mjs': `export default ${rule('acme/endless', endless)}` });
    expect(status).toBe(1);
    expect(stdout.match(/again/g)).toHaveLength(1000);
  });
});

test('--select of a rule that its plugin could not bring says what is wrong with the plugin', () => {
  const { status, stderr } = lint({ 'a.mjs': 'throw new Error("bad start")' }, '--select', 'acme/x');
  expect([status, stderr]).toEqual([2, expect.stringContaining('plugin ./a.mjs: bad start')]);
});

test('a plugin lies under a name that an address could not have; nothing but findings is said', () => {
  const { status, stderr, hasGood } = lint({ 'a#b/100%/x.mjs': `export default ${rule('acme/good', says)}` });
  expect([status, stderr, hasGood]).toEqual([1, '', true]);
});

test('await outside of functions is told of', () => {
  const { status, stderr } = lint({ 'a.mjs': `await null;\nexport default ${rule('acme/good', says)}` });
  expect([status, stderr]).toEqual([2, expect.stringContaining('it waits (await) outside of functions')]);
});

test('--no-plugins runs none of their code', () => {
  const { status, stderr, hasOurs } = lint({ 'a.mjs': 'throw new Error("it runs")' }, '--no-plugins');
  expect([status, stderr, hasOurs]).toEqual([1, '', true]);
});

test('TypeScript: read where Node strips types, else a clear error', () => {
  const text = `const at = (model: { dockerfile: unknown }): any => model.dockerfile;\nexport default ${rule(
    'acme/typed',
    `(model: any) { return [{ at: at(model).instructions[0].span, message: 'the good one speaks' }]; }`,
  )};\n`;
  const { status, stderr, hasOurs, hasGood } = lint({ 'a.ts': text });
  const canRead = Boolean((process.features as { typescript?: unknown }).typescript);
  expect([status, hasOurs, hasGood]).toEqual([canRead ? 1 : 2, true, canRead]);
  if (!canRead) expect(stderr).toContain('plugin ./a.ts: it is TypeScript, which this Node does not read');
});
