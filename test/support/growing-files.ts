/** Dockerfiles of any size, for tests and measurements of how time grows with it. */

const repeat = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');
const debian = 'FROM debian:13\n';

/** By what there is much of. The number is the smaller size: large enough for a quadratic step to show. */
export const growingFiles: readonly (readonly [string, number, (count: number) => string])[] = [
  ['stages from each other, unset variables', 1500, (n) => chain(n, () => 'USER $who\n')],
  ['stages from each other, own variables', 500, (n) => chain(n, (i) => `ENV V${i}=$V${i - 1}\nARG A${i}\n`)],
  ['stages that copy from the one before', 500, (n) => chain(n, (i) => `COPY --from=s${i} /a /b\nWORKDIR x\n`)],
  [
    'stages that copy from the one behind',
    1000,
    (n) => repeat(n, (i) => `FROM a AS s${i}\nCOPY --from=s${i + 1} a b\n`),
  ],
  ['words of a line', 5000, (n) => `${debian}RUN echo ${'w '.repeat(n)}\n`],
  ['requirements with redirections', 1000, (n) => `${debian}RUN pip install ${repeat(n, (i) => `w${i}>1 `)}\n`],
  ['continuation lines', 2000, (n) => `${debian}RUN a${repeat(n, (i) => ` \\\n  && c${i}`)}\n`],
  ['open quotes', 2000, (n) => `${debian}RUN ${'bash -c "'.repeat(n)}\n`],
  ['nested substitutions', 1000, (n) => `${debian}RUN echo ${'"$(echo '.repeat(n)}${')"'.repeat(n)}\n`],
  ['nested braces', 5000, (n) => `${debian}ENV A=${`\${a:-`.repeat(n)}${'}'.repeat(n)}\nUSER $A\n`],
  ['ENV that grows', 1000, (n) => `${debian}${'ENV A=$A:1\n'.repeat(n)}`],
  ['ARGs and their readers', 500, (n) => `${debian}${repeat(n, (i) => `ARG A${i}=1\nRUN echo $A${i}\n`)}`],
  ['labels of a line', 1500, (n) => `${debian}LABEL ${'a=b '.repeat(n)}\n`],
  ['installs', 400, (n) => `${debian}${repeat(n, (i) => `COPY a${i} /b${i}\nRUN apt-get install -y a${i}\n`)}`],
  ['heredocs', 400, (n) => `${debian}${repeat(n, (i) => `RUN <<E${i}\ncd a\nE${i}\n`)}`],
  ['mounts', 1000, (n) => `${debian}RUN ${repeat(n, (i) => `--mount=type=cache,target=/a${i} `)}x\n`],
  ['plain RUNs', 500, (n) => `${debian}${repeat(n, (i) => `RUN apt-get update && apt-get install -y p${i}\n`)}`],
  ['stages apart', 500, (n) => repeat(n, (i) => `FROM debian:13 AS s${i}\nRUN a\n`)],
  ['pipes and downloads', 300, (n) => `${debian}${repeat(n, (i) => `RUN curl https://a.io/${i} | tar xz\n`)}`],
  ['blanks', 30_000, (n) => `FROM debian:13${'\t '.repeat(n)}\nUSER${' '.repeat(n)}a${' \n'.repeat(n)}`],
];

function chain(count: number, body: (i: number) => string): string {
  return `FROM debian:13 AS s0\n${repeat(count, (i) => `FROM s${i} AS s${i + 1}\n${body(i)}`)}`;
}
