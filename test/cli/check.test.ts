import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dlint } from '../support/cli.ts';
import { OciFiles, tarOf, temporaryFile, temporaryFolder } from '../support/images.ts';

const image = resolve(import.meta.dirname, '../../examples/app/image.tar');

describe('check', () => {
  test('the defaults, flags, quiet, JSON', () => {
    const cwd = temporaryFolder();
    const plain = dlint(['check', image], { cwd });
    expect([plain.status, plain.stderr]).toEqual([1, '']);
    expect(plain.stdout).toContain(
      'policy: defaults (efficiency of 90 %)\n\nerror  image-efficiency\n  68.7 % of what is stored is used',
    );
    expect(dlint(['check', image, '--min-efficiency', '60%', '-q'], { cwd })).toMatchObject({ status: 0, stdout: '' });
    expect(dlint(['check', image, '--min-efficiency', '0.6'], { cwd }).stdout).toMatch(/\npassed\n$/);
    expect(dlint(['check', image, '--fail-on', 'never'], { cwd }).status).toBe(0);
    const json = JSON.parse(dlint(['check', image, '--max-size', '1kB', '-f', 'json'], { cwd }).stdout);
    expect(json).toMatchObject({ schema: 'dlint-check/1', policy: ['flags'], layers: 10 });
    expect(json.findings).toEqual([
      expect.objectContaining({
        rule: 'image-size',
        severity: 'error',
        category: 'size',
        location: { layer: null, layerIndex: null, instruction: null, path: null, source: null },
      }),
    ]);
  });

  test('a size without a unit is bytes, as its finding says', () => {
    const cwd = temporaryFolder();
    const stored = 'error image-size: 1.0 MB are stored, more than 300 bytes (write 300MB for megabytes)\n';
    expect(dlint(['check', image, '--max-size', '300', '-f', 'compact'], { cwd }).stdout).toContain(stored);
    writeFileSync(join(cwd, '.dlint.yaml'), 'image:\n  maxSize: 300\n');
    expect(dlint(['check', image, '-f', 'compact'], { cwd }).stdout).toContain(stored);
    expect(dlint(['extract', image, join(cwd, 'out'), '--max-size', '300'], { cwd }).stderr).toMatch(
      /^error {2}the files have 706\.1 kB, more than 300 bytes \(write 300MB for megabytes\)\n/,
    );
  });

  test('what makes no sense is refused, and what may be meant is said', () => {
    const cwd = temporaryFolder();
    expect(dlint(['check', image, '--min-efficiency', '95'], { cwd }).stderr).toMatch(/try {4}did you mean 95%\?/);
    expect(dlint(['check', image, '--min-efficiency', '950'], { cwd }).stderr).toMatch(/try {4}a share such as/);
    const alone = dlint(['check', image, '--against', image], { cwd });
    expect([alone.status, alone.stdout]).toEqual([2, '']);
    expect(alone.stderr).toMatch(
      /^error {2}--against says what growth is measured from.*\n.*\ntry {4}add --max-growth/,
    );
    writeFileSync(join(cwd, '.dlint.yaml'), 'image:\n  maxGrowth: 1%\n');
    expect(dlint(['check', image, '--against', image], { cwd }).stdout).toContain('policy: .dlint.yaml\n');
  });

  test('.dlint.yaml and .dive-ci of the working directory; flags win', () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, '.dlint.yaml'), 'image:\n  maxLayers: 3\n  user: nobody\n');
    writeFileSync(join(cwd, '.dive-ci'), 'rules:\n  lowestEfficiency: 0.99\n  highestUserWastedPercent: off\n');
    const { stdout, status } = dlint(['check', image, '--max-layers', '10', '-f', 'json'], { cwd });
    const { policy, findings } = JSON.parse(stdout);
    expect([status, policy]).toEqual([1, ['.dlint.yaml', '.dive-ci', 'flags']]);
    expect(findings.map(({ rule }: { rule: string }) => rule)).toEqual(['image-user', 'dive-efficiency']);
    expect(dlint(['check', image, '--no-config', '--max-layers', '10'], { cwd })).toMatchObject({ status: 0 });
    writeFileSync(join(cwd, '.dlint.yaml'), 'image:\n  maxLayers: many\n');
    expect(dlint(['check', image], { cwd })).toMatchObject({ status: 2, stdout: '' });
  });

  test('formats of the linter, several at once; in the Dockerfile where one is given', () => {
    const cwd = temporaryFolder();
    const words = ['check', image, '--max-size', '900kB', '--user', '1000', '-f', 'compact', '-f', 'sarif=out.sarif'];
    const plain = dlint(words, { cwd });
    expect([plain.status, plain.stderr]).toEqual([1, '']);
    expect(plain.stdout.replaceAll(image, 'IMAGE')).toBe(
      [
        'IMAGE:1:1: error image-size: 1.0 MB are stored, more than 900.0 kB',
        'IMAGE:1:1: error image-user: it runs as app, not as 1000',
        '',
      ].join('\n'),
    );
    expect(JSON.parse(readFileSync(join(cwd, 'out.sarif'), 'utf8')).runs[0].results).toHaveLength(2);
    const dockerfile = resolve(image, '../Dockerfile');
    const traced = dlint([...words, '--dockerfile', dockerfile], { cwd });
    expect(traced.stdout.match(/Dockerfile:\d+/g)).toEqual(['Dockerfile:2', 'Dockerfile:18']);
    const text = dlint(['check', image, '--user', '1000', '--dockerfile', dockerfile], { cwd }).stdout;
    expect(text).toContain(`error  image-user  ${dockerfile}:18\n`);
    expect(dlint(['check', image, '--min-efficiency', '0', '-f', 'junit'], { cwd }).status).toBe(0);
    const paths = dlint(['check', image, '--forbid-path', 'app/web/**', '-f', 'junit'], { cwd }).stdout;
    const names = [...paths.matchAll(/<testcase name="([^"]*)"/g)].map(([, name]) => name);
    expect(names.slice(0, 2)).toEqual(['forbidden-path at 1:1', 'forbidden-path at 1:1 (2)']);
    expect(new Set(names).size).toBe(names.length);
  });

  test('says that it was one image of several, or not the asked-for platform', async () => {
    const tar = await tarOf([{ name: 'a', body: 'a' }]);
    const files = new OciFiles();
    const both = [files.manifest([tar]), files.manifest([tar, tar])];
    const archive = temporaryFile(await files.top(both).archive());
    const { stdout, status } = dlint(['check', archive, '--no-config', '--min-efficiency', '0'], {
      cwd: temporaryFolder(),
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^odd {5}.*2 images/m);
    expect(JSON.parse(dlint(['check', archive, '--no-config', '-f', 'json']).stdout).warnings).toHaveLength(1);
  });

  test('against another image', () => {
    const cwd = temporaryFolder();
    expect(dlint(['check', image, '--against', image, '--max-growth', '0%'], { cwd }).status).toBe(0);
    expect(dlint(['check', image, '--max-growth', '5%'], { cwd }).stderr).toContain(
      '--max-growth needs --against IMAGE',
    );
  });

  test('says what is wrong with what it was given', () => {
    const cwd = temporaryFolder();
    const said = (words: readonly string[], input = '') => dlint(['check', ...words], { cwd, input }).stderr;
    expect(said(['-'])).toMatch(/nothing came through the pipe[\s\S]*see whether the program before/);
    expect(said(['-'], 'hello')).toContain('not an image: a text file');
    expect(said(['https://example.test/app.tar'])).toContain('curl -fL https://example.test/app.tar | dlint inspect -');
    expect(said([image, '--dockerfile', cwd])).toContain(`e.g. ${cwd}/Dockerfile`);
    const readme = resolve(image, '../../README.md');
    expect(dlint(['check', image, '--dockerfile', readme], { cwd }).stdout).toContain('is it the Dockerfile?');
  });

  test.each([
    [['--min-efficiency', '2'], '--min-efficiency cannot be 2'],
    [['--max-size', 'big'], 'big is not a size'],
    [['--max-layers', '-'], '--max-layers cannot be -'],
    [['--forbid-mode', 'sticky'], '--forbid-mode cannot be sticky'],
    [['--ci-config', 'nowhere'], 'nowhere does not exist'],
    [['--target', 'x'], '--target says how a Dockerfile was built'],
    [['--build-arg', 'A=1'], '--build-arg says how a Dockerfile was built'],
    [['--dockerfile', 'nowhere'], 'nowhere does not exist'],
    [['--dockerfile', resolve(image, '../Dockerfile'), '--target', 'x'], 'has no stage x'],
    [['--dockerfile', resolve(image, '../Dockerfile'), '--build-arg', 'A'], 'A gives no value'],
    [['-f', 'xml'], 'there is no format xml'],
  ])('refuses %j', (flags, message) => {
    const { stdout, stderr, status } = dlint(['check', image, ...flags], { cwd: temporaryFolder() });
    expect([stdout, status]).toEqual(['', 2]);
    expect(stderr).toContain(message);
  });
});
