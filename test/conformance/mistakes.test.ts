import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { lint } from '../../src/lint/lint.ts';
import { parse } from '../../src/lint/parse.ts';
import type { Preset } from '../../src/lint/rule.ts';
import { type RuleSet, ruleSet } from '../../src/lint/rule-set.ts';
import type { Span } from '../../src/report/finding.ts';
import { lineStarts, positionAt } from '../../src/report/position.ts';
import { shared } from '../support/shared.ts';

interface Row {
  readonly id: string;
  readonly theme: string;
  readonly verdict: 'mistake' | 'trap' | 'debatable';
  readonly file: string;
  readonly line: number;
}

/** What tells of a theme, and must be silent at its traps. */
const themes: Readonly<Record<string, readonly string[]>> = {
  add: ['add-local-file'],
  'apt-install-no-update': ['install-without-update'],
  // M013 is an install from the lists that an earlier layer keeps: that RUN leaves none of its own.
  'apt-lists': ['apt-lists', 'install-without-update'],
  'apt-missing-y': ['apt-yes'],
  'apt-recommends': ['apt-recommends'],
  'apt-update-alone': ['update-alone'],
  'chmod-777': ['chmod-777'],
  'cmd-override': ['cmd-ignored', 'shell-form-command'],
  'copy-from': ['unknown-copy-source', 'copied-image-tag'],
  'curl-bash': ['curl-pipe-shell', 'pipefail'],
  'env-legacy': ['legacy-pairs'],
  'expose-case': ['expose-case'],
  'from-platform': ['constant-platform'],
  'from-tag': ['base-image-tag', 'base-image-latest'],
  'invalid-json': ['invalid-exec-form', 'exec-form-glued', 'exec-form-shell-syntax', 'syntax-error'],
  'layer-order': ['copy-before-install', 'copy-before-download', 'copy-order', 'install-in-build'],
  'npm-args': ['npm-install-ci'],
  'pip-cache': ['pip-cache'],
  'root-user': ['root-user'],
  'run-export': ['run-export'],
  secret: ['secret-name', 'secret-value'],
  'several-cmd': ['several-cmd'],
  'several-entrypoint': ['several-entrypoint'],
  'shell-form': ['shell-form-command'],
  sudo: ['sudo'],
  tls: ['tls-off'],
  'trailing-space': ['syntax-error', 'empty-continuation'],
  unauthenticated: ['unauthenticated-packages'],
  windows: ['syntax-error', 'empty-continuation', 'invalid-exec-form', 'bashism-in-sh'],
  workdir: ['relative-workdir'],
  'yum-clean': ['yum-cache'],
};

/** The trap is one for `pipefail`; that the instruction runs a script from the network, four lines down, is true. */
const besideTheme: Readonly<Record<string, readonly string[]>> = { M082: ['curl-pipe-shell'] };

/** What the recommended preset rightly tells at the line of a trap, of another theme. */
const beside: Readonly<Record<string, readonly string[]>> = {
  M006: ['add-local-file'],
  M069: ['apt-recommends'],
};

const list = shared('corpus/mistakes.tsv');
const rows = list ? readFileSync(list, 'utf8').trimEnd().split('\n').slice(1).map(rowOf) : [];
const mistakes = rows.filter(({ verdict }) => verdict === 'mistake');
const traps = rows.filter(({ verdict }) => verdict === 'trap');
const all = ofPreset('all');
const recommended = ofPreset('recommended');

describe.skipIf(!list)('the list of real mistakes', () => {
  it('has mistakes and traps of known themes', () => {
    expect(mistakes.length).toBeGreaterThan(40);
    expect(traps.length).toBeGreaterThan(10);
    expect(rows.filter(({ theme }) => !themes[theme])).toEqual([]);
  });

  it('is about rules that exist', () => {
    const ids = new Set(rules.map(({ id }) => id));
    expect(
      Object.values(themes)
        .flat()
        .filter((id) => !ids.has(id)),
    ).toEqual([]);
  });

  it.each(mistakes)('$id $theme is found: $file:$line', (row) => {
    const fitting = told(row, all).filter((id) => themes[row.theme]?.includes(id));
    expect(fitting).not.toEqual([]);
  });

  it.each(traps)('$id $theme is none: $file:$line', (row) => {
    const within = instructionAt(row);
    const near = findings(row, all).filter(({ lines }) => meet(lines, within));
    const wrong = near.map(({ rule }) => rule).filter((id) => themes[row.theme]?.includes(id));
    expect([...new Set(wrong)]).toEqual(besideTheme[row.id] ?? []);
    expect([...new Set(told(row, recommended))]).toEqual(beside[row.id] ?? []);
  });
});

/** First and last line, from 1. */
type Lines = readonly [first: number, last: number];

function rowOf(line: string): Row {
  const [id = '', theme = '', verdict, , file = '', number] = line.split('\t');
  return { id, theme, verdict: verdict as Row['verdict'], file, line: Number(number) };
}

/** The rules that speak of a line. */
function told(row: Row, set: RuleSet): readonly string[] {
  return findings(row, set)
    .filter(({ lines }) => meet(lines, [row.line, row.line]))
    .map(({ rule }) => rule);
}

function findings(row: Row, set: RuleSet): readonly { rule: string; lines: Lines }[] {
  const text = textOf(row);
  return lint({ path: row.file, text }, set).findings.map(({ rule, location }) => {
    return { rule, lines: 'span' in location ? linesOf(location.span, text) : [0, 0] };
  });
}

function linesOf({ start, end }: Span, text: string): Lines {
  const starts = lineStarts(text);
  return [positionAt(starts, start).line, positionAt(starts, end).line];
}

function meet(a: Lines, b: Lines): boolean {
  return a[0] <= b[1] && a[1] >= b[0];
}

function ofPreset(preset: Preset): RuleSet {
  return ruleSet(rules, { preset });
}

/** The instruction that a line belongs to; of a line between two, the line itself. */
function instructionAt(row: Row): Lines {
  const text = textOf(row);
  const { instructions } = parse({ path: row.file, text });
  const here: Lines = [row.line, row.line];
  return instructions.map(({ span }) => linesOf(span, text)).find((lines) => meet(lines, here)) ?? here;
}

function textOf({ file }: Row): string {
  return readFileSync(shared(`corpus/files/${file}`) ?? '', 'utf8');
}
