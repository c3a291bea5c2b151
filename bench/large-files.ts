import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Group } from './measure.ts';
import { dlint } from './programs.ts';

const debian = 'FROM debian:13\n';

/** Dockerfiles that nobody wrote: longer than any, or all of one thing. The limit is one of 1,000 lines. */
export function largeFiles(scratch: string, rounds: number): Group {
  const lintOf = (name: string, text: string): string[] => {
    const file = join(scratch, name);
    writeFileSync(file, text);
    return dlint('lint', '-q', '--fail-on', 'never', '-f', 'json', file);
  };
  return {
    title: 'Lint of large files',
    note: 'Generated. Ten times the lines may take ten times as long.',
    rounds,
    notCompared: [],
    cases: [
      { name: '1,000 lines', command: lintOf('1k', ordinary(1000)) },
      { name: '10,000 lines', command: lintOf('10k', ordinary(10_000)), bar: 10 },
      { name: '100,000 lines', command: lintOf('100k', ordinary(100_000)), bar: 100 },
      { name: '95,000 RUN', command: lintOf('run', `${debian}${repeat(95_000, (i) => `RUN make target${i}\n`)}`) },
      {
        name: '50,000 stages',
        command: lintOf(
          'stages',
          repeat(50_000, (i) => `FROM debian:13 AS s${i}\nRUN a\n`),
        ),
      },
      { name: 'a line of 100,000 words', command: lintOf('words', `${debian}RUN echo ${'w '.repeat(100_000)}\n`) },
      { name: '10,000 nested quotes', command: lintOf('quotes', `${debian}RUN ${'bash -c "'.repeat(10_000)}\n`) },
    ],
  };
}

/** What real files are made of, ten lines at a time. */
function ordinary(lines: number): string {
  return `FROM node:22 AS build\n${repeat(lines / 10, (i) => part.replaceAll('#', `${i}`))}`;
}

const part = `WORKDIR /app#
COPY package#.json ./
RUN npm ci --omit=dev && \\
    npm cache clean --force
ENV A#=b$A# C="d e"
LABEL org.example.a#=b
ARG V#=1
RUN apt-get update && apt-get install -y --no-install-recommends a#=1.0 \\
    && rm -rf /var/lib/apt/lists/*
EXPOSE 8#
`;

function repeat(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('');
}
