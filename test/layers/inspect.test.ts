import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { ImageConfig } from '../../src/layers/image.ts';
import { type InspectOptions, inspectImage } from '../../src/layers/inspect.ts';
import { instructionOf } from '../../src/layers/instruction.ts';
import { startupOf } from '../../src/layers/startup.ts';
import { renderInspectJson } from '../../src/report/inspect-json.ts';
import { renderInspectText } from '../../src/report/inspect-text.ts';
import { renderInspectTree } from '../../src/report/inspect-tree.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { dockerArchive, tarOf, temporaryFile } from '../support/images.ts';

const tool = { name: 'dlint', version: '1.2.3' };
const plain = { color: false, width: 80 };

/** Three layers: a file copied, changed in its mode, and removed again. */
async function sample(): Promise<string> {
  const layers = [
    await tarOf([
      { name: 'app/', type: 'directory' },
      { name: 'app/data.bin', body: 'x'.repeat(2000) },
      { name: 'app/run', body: 'run', mode: 0o644 },
      { name: 'app/evil\x1b[31m\nname', body: 'e' },
    ]),
    await tarOf([{ name: 'app/run', body: 'run', mode: 0o755 }]),
    await tarOf([
      { name: 'app/.wh.data.bin', body: '' },
      { name: 'app/link', type: 'symlink', linkname: 'run' },
    ]),
  ];
  const history = [
    { created_by: 'COPY app /app # buildkit' },
    { created_by: 'ENV DB_PASSWORD=hunter2hunter2', empty_layer: true },
    { created_by: 'RUN |1 NPM_TOKEN=abcdef /bin/sh -c chmod +x /app/run # buildkit' },
    { created_by: '/bin/sh -c rm /app/data.bin && echo hunter2hunter2' },
  ];
  const config = {
    Env: ['PATH=/bin', 'DB_PASSWORD=hunter2hunter2', 'URL=https://me:pw1234@host/'],
    Cmd: ['--port', '80', '--token', 'verysecret'],
    Entrypoint: ['/app/run'],
    User: '1000',
    ExposedPorts: { '80/tcp': {} },
    Labels: { 'org.example': 'label', 'deploy.token': 'labelsecret' },
    Healthcheck: { Test: ['CMD-SHELL', 'curl -u a:healthsecret localhost'], Interval: 30e9 },
  };
  return temporaryFile(await dockerArchive(layers, 'app:1', { history, config }));
}

const inspect = (file: string, more: Partial<InspectOptions> = {}) => inspectImage(file, { tool, ...more });

describe('inspectImage', () => {
  it('tells sizes, changes and dead bytes of each layer', async () => {
    const report = await inspect(await sample());
    expect([report.storedBytes, report.liveBytes, report.deadBytes]).toEqual([2007, 4, 2003]);
    expect(report.content).toEqual({ files: 2, directories: 1, symlinks: 1, apparentBytes: 4 });
    const layers = report.layers.map(({ storedBytes, deadBytes, deadBytesCaused, added, modified, removed }) => [
      [storedBytes, deadBytes, deadBytesCaused],
      [added.count, added.bytes, modified.count, modified.bytes, removed.count, removed.bytes],
    ]);
    expect(layers).toEqual([
      [[2004, 2003, 0], [4, 2004, 0, 0, 0, 0]],
      [[3, 0, 3], [0, 0, 1, 3, 0, 0]],
      [[0, 0, 2000], [1, 0, 0, 0, 1, 2000]],
    ]); // biome-ignore format: a table
    expect([...(report.layers[1]?.changes() ?? [])]).toMatchObject([
      { path: 'app/run', change: 'modified', fromLayer: 1, reasons: ['mode'], mode: 0o755 },
    ]);
    expect(report.layers[0]?.killedBy).toMatchObject([
      { layer: 3, bytes: 2000 },
      { layer: 2, bytes: 3 },
    ]);
    expect(report.layers.map(({ instruction }) => instruction)).toEqual([
      'COPY app /app',
      'RUN chmod +x /app/run',
      'RUN rm /app/data.bin && echo ********',
    ]);
  });

  it('says what is wasted and what to do', async () => {
    const { waste } = await inspect(await sample());
    expect(waste.map(({ bytes, cause, storedIn, killedBy }) => [bytes, cause, storedIn, killedBy])).toEqual([
      [2000, 'removed', 1, 3],
      [3, 'metadata', 1, 2],
    ]);
    expect(waste[0]).toMatchObject({ directory: 'app', examples: [{ path: 'app/data.bin', size: 2000, layer: 1 }] });
    expect(waste[0]?.advice).toMatch(/^save 2\.0 kB: /);
  });

  it('restricts itself to one layer, and says which there are', async () => {
    const file = await sample();
    const report = await inspect(file, { layer: 2 });
    expect(report.layers.map(({ index }) => index)).toEqual([2]);
    expect([report.layerCount, report.storedBytes]).toEqual([3, 2007]);
    for (const layer of [0, 4, 1.5, Number.NaN]) {
      await expect(inspect(file, { layer })).rejects.toMatchObject({
        code: 'E_USAGE',
        hint: expect.stringContaining('3 layers'),
      });
    }
  });
});

describe('reports', () => {
  it('never print a secret, in no format', async () => {
    const file = await sample();
    for (const layer of [undefined, 1, 2, 3]) {
      const report = await inspect(file, layer === undefined ? {} : { layer });
      for (const render of [renderInspectText, renderInspectJson, renderInspectTree]) {
        const text = [...render(report, plain)].join('');
        for (const secret of ['hunter2', 'abcdef', 'pw1234', 'verysecret', 'labelsecret', 'healthsecret']) {
          expect(text).not.toContain(secret);
        }
      }
    }
  });

  it('are text that says what the image is and holds no control characters', async () => {
    const report = await inspect(await sample());
    const text = [...renderInspectText(report, plain)].join('');
    expect(text).toContain('docker run IMAGE ARGS… keeps /app/run (ENTRYPOINT)');
    expect(text).toContain('2.0 kB stored in 3 layers = 4 B live + 2.0 kB dead (99.8 %)');
    expect(text).toMatch(/app\/evil\\x1b\[31m\\nname/);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    for (const line of text.split('\n')) expect([line, [...line].length <= 100]).toEqual([line, true]);
    const colored = [...renderInspectText(report, { ...plain, color: true })].join('');
    expect(colored.replace(/\x1b\[\d+m/g, '')).toBe(text);
  });

  it('list the changes of one layer as text', async () => {
    const text = [...renderInspectText(await inspect(await sample(), { layer: 3 }), plain)].join('');
    expect(text).toContain('- -rw-r--r-- 0:0         2.0 kB  app/data.bin  (was in layer 1)\n');
    expect(text).toContain('+ lrw-r--r-- 0:0                 app/link -> run\n');
    expect(text).not.toContain('app/evil');
  });

  it('are a tree with the sizes of directories', async () => {
    const file = await sample();
    const tree = [...renderInspectTree(await inspect(file), plain)].join('');
    expect(tree).toBe(
      [
        '     4 B  /  2 files, the final file system',
        '     4 B  └── app/',
        '     1 B      ├── evil\\x1b[31m\\nname',
        '              ├── link -> run',
        '     3 B      └── run',
        '',
      ].join('\n'),
    );
    const report = await inspect(file, { layer: 3 });
    expect([...renderInspectTree(report, plain)].join('')).toBe(
      [
        '    2.0 kB  /  1 file, changed by layer 3',
        '    2.0 kB  └── app/',
        '-   2.0 kB      ├── data.bin',
        '+               └── link -> run',
        '',
        '+ added  ~ modified  - removed',
        '',
      ].join('\n'),
    );
    expect([...renderInspectTree(report, plain, { depth: 1 })].join('')).not.toContain('data.bin');
  });

  it('are JSON as the schema has it, with the bytes of names that are no UTF-8', async () => {
    const layer = await tarOf([{ name: 'placeholder', pax: { path: 'x' } }]);
    // tar-stream writes names as UTF-8: put a byte that is none into the header, and correct its checksum.
    const raw = await tarOf([{ name: 'caf_', body: 'c' }]);
    raw[3] = 0xe9;
    const sum = raw.subarray(0, 512).reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
    raw.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    const file = temporaryFile(await dockerArchive([layer, raw]));
    for (const report of [
      await inspect(file),
      await inspect(await sample()),
      await inspect(await sample(), { layer: 2 }),
    ]) {
      const output = JSON.parse([...renderInspectJson(report)].join(''));
      const valid = schema();
      expect(valid(output) || valid.errors).toBe(true);
      expect(output.tool).toEqual(tool);
    }
    const text = [...renderInspectJson(await inspect(file))].join('');
    expect(text).not.toMatch(/\\ud[89a-f]/);
    expect(JSON.parse(text).layers[1].changes).toMatchObject([
      {
        path: 'caf\ufffd',
        pathBase64: Buffer.from([0x63, 0x61, 0x66, 0xe9]).toString('base64'),
        change: 'added',
        size: 1,
      },
    ]);
    expect(JSON.parse(text).layers[0].changes[0]).not.toHaveProperty('pathBase64');
  });

  it('come in pieces', async () => {
    const members = Array.from({ length: 5000 }, (_, i) => ({ name: `directory/with/files/${i}`, body: '' }));
    const file = temporaryFile(await dockerArchive([await tarOf(members)]));
    const report = await inspect(file, { layer: 1 });
    for (const render of [renderInspectText, renderInspectJson, renderInspectTree]) {
      const pieces = [...render(report, plain)];
      expect(pieces.length).toBeGreaterThan(20);
      expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(64 * 1024);
    }
  });
});

function schema() {
  const text = readFileSync(new URL('../../docs/schemas/inspect.json', import.meta.url), 'utf8');
  return new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(JSON.parse(text));
}

describe('instructionOf', () => {
  it.each([
    [null, '(no history)'],
    ['  ', '(no history)'],
    ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    [`/bin/sh -c #(nop) ADD file:${'ab12'.repeat(16)} in / `, 'ADD file:ab12ab12ab12… in /'],
    ['/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['|2 A=1 B=two words /bin/sh -c make all', 'RUN make all'],
    ['RUN |1 A=1 /bin/sh -c make   all # buildkit', 'RUN make all'],
    ['RUN /bin/sh -c echo hi # buildkit', 'RUN echo hi'],
    ['RUN /bin/bash -o pipefail -c echo hi # buildkit', 'RUN echo hi'],
    ['/bin/bash -euxo pipefail -c echo hi', 'RUN echo hi'],
    ['COPY . /app # buildkit', 'COPY . /app'],
    ['cmd /S /C mkdir a', 'RUN mkdir a'],
    ['jib-gradle-plugin:3.4', 'jib-gradle-plugin:3.4'],
    ['CMD ["sh" "-c" "x"]', 'CMD ["sh" "-c" "x"]'],
  ])('%s', (createdBy, instruction) => expect(instructionOf(createdBy)).toBe(instruction));
});

it('cleans hostile instructions in linear time', () => {
  const start = cpuTime();
  for (const part of [
    ' ',
    '\n',
    'sh ',
    ' -c',
    '|1 ',
    ' # buildkit',
    'RUN ',
    '/bin/sh -x ',
    'powershell -a ',
    'a'.repeat(12),
  ]) {
    instructionOf(part.repeat(30_000));
    instructionOf(`|1 ${part.repeat(30_000)}x`);
    instructionOf(`/bin/sh${part.repeat(30_000)}x`);
  }
  expect(cpuTime() - start).toBeLessThan(10_000);
});

describe('startupOf', () => {
  const config = (more: Partial<ImageConfig>): ImageConfig => ({
    env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [], ...more,
  }); // biome-ignore format: short

  it('puts ENTRYPOINT and CMD together', () => {
    const startup = startupOf(config({ entrypoint: ['/e'], cmd: ['-x'] }));
    expect(startup).toMatchObject({ argv: ['/e', '-x'], fixed: ['/e'], replaceable: ['-x'], form: 'exec', notes: [] });
  });

  it('recognises the shell form', () => {
    expect(startupOf(config({ cmd: ['/bin/sh', '-c', 'app | tee log'] }))).toMatchObject({
      form: 'shell',
      script: 'app | tee log',
    });
    expect(startupOf(config({ shell: ['/bin/fish', '--run'], cmd: ['/bin/fish', '--run', 'app'] }))).toMatchObject({
      form: 'shell',
      script: 'app',
    });
    expect(startupOf(config({ cmd: ['sh'] }))).toMatchObject({ form: 'exec' });
    expect(startupOf(config({ cmd: ['/bin/sh', '-c', 'exec app'] })).notes).toEqual([]);
  });

  it('says that a shell-form ENTRYPOINT hides the arguments', () => {
    const { notes } = startupOf(config({ entrypoint: ['/bin/sh', '-c', 'exec app'], cmd: ['-x'] }));
    expect(notes).toEqual([expect.stringContaining('are not seen')]);
    expect(startupOf(config({ entrypoint: ['/bin/sh', '-c', 'exec app "$@"'] })).notes).toEqual([]);
  });

  it('says that nothing is set', () => {
    expect(startupOf(config({}))).toMatchObject({
      form: 'none',
      argv: [],
      notes: [expect.stringContaining('neither')],
    });
  });
});
