import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from '../src/lint/parse.ts';
import { dlint, isInstalled, root } from './programs.ts';

interface Told {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

/**
 * The hadolint that is installed and the preset `hadolint`, on the corpus: a Markdown table of codes where they differ, by
 * file and instruction. undefined where the corpus or hadolint is not there.
 */
export function besideHadolint(scratch: string): string | undefined {
  const folder = resolve(root, '../shared/corpus/files');
  if (!existsSync(folder) || !isInstalled('hadolint')) return undefined;
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const theirs = byCode(ofHadolint(files, scratch));
  const ours = byCode(ofDlint(files, scratch));
  const codes = [...new Set([...theirs.keys(), ...ours.keys()])].filter((code) => code.startsWith('DL')).sort();
  const rows = codes.map((code) => {
    const [left, right] = [theirs.get(code) ?? new Set<string>(), ours.get(code) ?? new Set<string>()];
    const both = [...left].filter((place) => right.has(place)).length;
    return `| ${code} | ${both} | ${left.size - both} | ${right.size - both} |\n`;
  });
  return `| code | both | only hadolint | only dlint |\n|---|--:|--:|--:|\n${rows.join('')}`;
}

/** Places of each code; those that are one instruction's are one. */
function byCode(told: readonly Told[]): Map<string, Set<string>> {
  const starts = new Map<string, readonly number[]>();
  const codes = new Map<string, Set<string>>();
  for (const { file, line, code } of told) {
    const lines = starts.get(file) ?? instructionLines(file);
    starts.set(file, lines);
    const start = lines.findLast((first) => first <= line) ?? line;
    codes.set(code, (codes.get(code) ?? new Set()).add(`${file}:${start}`));
  }
  return codes;
}

function instructionLines(file: string): number[] {
  const text = readFileSync(file, 'utf8');
  const { instructions } = parse({ path: file, text });
  return instructions.map(({ span }) => text.slice(0, span.start).split('\n').length);
}

function ofHadolint(files: readonly string[], scratch: string): Told[] {
  const empty = join(scratch, 'hadolint.yaml');
  writeFileSync(empty, '{}\n');
  const command = ['--no-fail', '-c', empty, '-f', 'json', ...files];
  return JSON.parse(execFileSync('hadolint', command, { encoding: 'utf8', maxBuffer: 2 ** 28 })) as Told[];
}

function ofDlint(files: readonly string[], scratch: string): Told[] {
  const out = join(scratch, 'dlint.json');
  const flags = ['--no-config', '--preset', 'hadolint', '--fail-on', 'never', '-f', `json=${out}`];
  const [node = '', ...words] = dlint('lint', ...flags, ...files);
  try {
    execFileSync(node, words, { stdio: 'ignore' });
  } catch {
    // 2 is the answer when one of the files is no text at all; the others are in the report.
  }
  const report = JSON.parse(readFileSync(out, 'utf8')) as {
    files: { path: string; findings: { aliases: string[]; range: { start: { line: number } } }[] }[];
  };
  return report.files.flatMap(({ path, findings }) =>
    findings.flatMap(({ aliases, range }) =>
      aliases.map((code) => ({ file: resolve(path), line: range.start.line, code })),
    ),
  );
}
