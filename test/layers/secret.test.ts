import { describe, expect, it } from 'vitest';
import { maskCreatedBy, maskVariable, secretValues } from '../../src/layers/secret.ts';
import { MASK } from '../../src/report/secrets.ts';
import { cpuTime } from '../support/cpu-time.ts';

describe('maskCreatedBy', () => {
  it.each([
    ['|2 TOKEN=two words A=b /bin/sh -c make', `|2 TOKEN=${MASK} A=b /bin/sh -c make`],
    ['RUN |1 TOKEN=x y /bin/bash -c make # buildkit', `RUN |1 TOKEN=${MASK} /bin/bash -c make # buildkit`],
    ['ENV A=b c TOKEN=x y # buildkit', `ENV A=b c TOKEN=${MASK} # buildkit`],
    ['/bin/sh -c #(nop)  ENV TOKEN=x y', `/bin/sh -c #(nop)  ENV TOKEN=${MASK}`],
    ['RUN TOKEN=x make', `RUN TOKEN=${MASK} make`],
  ])('%s', (createdBy, masked) => expect(maskCreatedBy(createdBy)).toBe(masked));

  it('takes linear time on hostile text', () => {
    const start = cpuTime();
    for (const part of ['|1 a=b ', 'ENV ', ' A=', '\n', ' /bin/sh']) maskCreatedBy(`|1 ${part.repeat(30_000)}`);
    for (const part of ['a=b ', ' ', '# buildkit', '\n']) maskCreatedBy(`ENV ${part.repeat(30_000)}`);
    expect(cpuTime() - start).toBeLessThan(10_000);
  });
});

describe('variables', () => {
  it('are masked by name or by value', () => {
    expect(maskVariable('DB_PASSWORD=hunter2')).toBe(`DB_PASSWORD=${MASK}`);
    expect(maskVariable('DATABASE_URL=postgres://app:hunter2@db/app')).toBe(
      `DATABASE_URL=postgres://app:${MASK}@db/app`,
    );
    expect(maskVariable('PASSWORD=')).toBe('PASSWORD=');
    expect(maskVariable('LANG=C.UTF-8')).toBe('LANG=C.UTF-8');
  });

  it('give the values to look for elsewhere', () => {
    expect(secretValues(['A_TOKEN=long-enough', 'B_TOKEN=abc', 'PATH=/usr/bin:/bin'])).toEqual(['long-enough']);
  });
});
