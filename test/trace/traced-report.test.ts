import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../src/layers/inspect.ts';
import { renderInspectJson } from '../../src/report/inspect-json.ts';
import { renderInspectMarkdown } from '../../src/report/inspect-markdown.ts';
import { renderInspectText } from '../../src/report/inspect-text.ts';
import { traceDockerfile } from '../../src/trace-dockerfile.ts';
import { shared } from '../support/shared.ts';

const STYLE = { color: false, width: 100 };
const tool = { name: 'dlint', version: '0.1.0' };

async function sample() {
  const report = await inspectImage('examples/app/image.tar', { tool, base: '2' });
  return await traceDockerfile(report, 'examples/app/Dockerfile');
}

describe('an image beside its Dockerfile', () => {
  it('shows lines, findings, and the lines that waste', async () => {
    const text = [...renderInspectText(await sample(), STYLE)].join('');
    expect(text).toContain('  1  (base)  ');
    expect(text).toContain('  5  Dockerfile:8  RUN apt-get update\n');
    expect(text.replace(/\s+/g, ' ')).toContain(
      'added in layer 5 (Dockerfile:8: RUN apt-get update), removed in layer 9 (Dockerfile:13: RUN rm -rf',
    );
    expect(text).toMatch(/lint {5}line 10, pip-cache: /);
    expect(text).toContain('the base brought 2 layers');
  });

  it('is JSON as the schema has it', async () => {
    const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
    addFormats.default(ajv);
    const valid = ajv.compile(JSON.parse(readFileSync('docs/schemas/inspect.json', 'utf8')));
    const json = JSON.parse([...renderInspectJson(await sample())].join(''));
    expect(valid(json) || valid.errors).toBe(true);
    const { base, own, hiddenBytes } = json.base;
    expect(base.deadBytes + own.deadBytes + hiddenBytes).toBe(json.deadBytes);
    expect(json.layers[4].source).toMatchObject({ line: 8, endLine: 8, confidence: 'exact' });
    expect(json.layers[0].source).toMatchObject({ line: null, confidence: 'base', findings: [] });
  });

  it('is Markdown with a column for the lines', async () => {
    const text = [...renderInspectMarkdown(await sample())].join('');
    expect(text).toContain('| layer | line | stored | dead | instruction |');
    expect(text).toContain('| 5 | 8 | 155.0 kB | 155.0 kB | `RUN apt-get update` |');
    expect(text).toContain('- line 10, `pip-cache`: ');
  });

  it('is refused when there is no such file', async () => {
    const report = await inspectImage('examples/app/image.tar', { tool });
    await expect(traceDockerfile(report, 'examples/app/nothing')).rejects.toMatchObject({ name: 'DlintError' });
  });
});

describe('a base', () => {
  const two = shared('images/archives/built/docker26-two-images.tar');
  const edge = shared('images/archives/built/docker26-buildkit.tar');

  it.skipIf(!two || !edge)('is found by its diffIds', async () => {
    const report = await inspectImage(two as string, { tool, image: 'second:1', base: edge as string });
    expect(report.base?.base.layers).toBe(9);
    expect(report.base?.own).toEqual({ layers: 1, storedBytes: 7, liveBytes: 7, deadBytes: 0 });
  });

  it.skipIf(!edge)('that is another image is refused', async () => {
    const inspected = inspectImage('examples/app/image.tar', { tool, base: edge as string });
    await expect(inspected).rejects.toThrow('is not built on');
  });

  it.each(['0', '11'])('of %s layers is refused where there are 10', async (base) => {
    await expect(inspectImage('examples/app/image.tar', { tool, base })).rejects.toThrow('cannot be');
  });
});
