import type { Span } from '../../report/finding.ts';
import type { Command, ShellWord } from '../shell.ts';
import { cover } from '../spans.ts';

/** A command that fetches a package and runs it: `npx cowsay`, `pnpm dlx cowsay`, `uvx ruff`, `pipx run black`. */
export interface PackageRun {
  readonly command: Command;
  /** The runner as it is called: `npx`, `pnpm dlx`. */
  readonly runner: string;
  readonly language: 'node' | 'python';
  /** Takes the package from the project first, where it is installed there. */
  readonly prefersLocal: boolean;
  readonly head: Span;
  /** What is fetched: the values of `--package`, or else the first operand. */
  readonly packages: readonly ShellWord[];
}

interface RunnerSyntax {
  readonly words: readonly string[];
  readonly language: PackageRun['language'];
  readonly prefersLocal?: boolean;
  /** Options that name what is fetched. */
  readonly sources: readonly string[];
  /** Other options whose value is the next word. */
  readonly valued: readonly string[];
}

const node = { language: 'node', sources: ['-p', '--package'] } as const;
const npxOptions = ['-c', '--call', '-w', '--workspace', '--registry', '--userconfig', '--cache', '--loglevel'];
const uvOptions = ['-p', '--python', '--with', '--index-url', '--extra-index-url', '--index', '--with-requirements'];

/** npm-exec(1), the manuals of yarn, pnpm and Bun; uv's and pipx's own. */
const runners: readonly RunnerSyntax[] = [
  { ...node, words: ['npx'], prefersLocal: true, valued: npxOptions },
  { ...node, words: ['npm', 'exec'], prefersLocal: true, valued: npxOptions },
  { ...node, words: ['npm', 'x'], prefersLocal: true, valued: npxOptions },
  { ...node, words: ['bunx'], prefersLocal: true, valued: [] },
  { ...node, words: ['bun', 'x'], prefersLocal: true, valued: [] },
  { ...node, words: ['pnpx'], valued: [] },
  { ...node, words: ['pnpm', 'dlx'], valued: [] },
  { ...node, words: ['yarn', 'dlx'], valued: [] },
  { language: 'python', words: ['uvx'], sources: ['--from'], valued: uvOptions },
  { language: 'python', words: ['uv', 'tool', 'run'], sources: ['--from'], valued: uvOptions },
  { language: 'python', words: ['pipx', 'run'], sources: ['--spec'], valued: ['--python', '-i', '--index-url'] },
];

/** Reads a command that fetches a package and runs it. */
export function packageRun(command: Command): PackageRun | undefined {
  const { words } = command;
  const syntax = runners.find((each) => {
    return each.words.every((word, i) => (i === 0 ? command.name : words[i]?.text) === word);
  });
  const first = words[0];
  const last = syntax && words[syntax.words.length - 1];
  if (!syntax || !first || !last) return undefined;
  const { language, prefersLocal = false } = syntax;
  const packages = runPackages(words.slice(syntax.words.length), syntax);
  return { command, runner: syntax.words.join(' '), language, prefersLocal, head: cover(first, last), packages };
}

/** Options stop at the first operand: the rest belongs to the program that is run. */
function runPackages(words: readonly ShellWord[], { sources, valued }: RunnerSyntax): readonly ShellWord[] {
  const packages: ShellWord[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const next = words[i + 1];
    const equals = word.text.indexOf('=');
    if (word.text === '--') {
      if (packages.length === 0 && next) packages.push(next);
      break;
    }
    if (!word.text.startsWith('-')) {
      if (packages.length === 0) packages.push(word);
      break;
    }
    if (sources.includes(word.text) && next) packages.push(next);
    else if (sources.includes(word.text.slice(0, Math.max(equals, 0)))) {
      packages.push({ ...word, text: word.text.slice(equals + 1) });
    }
    if (sources.includes(word.text) || valued.includes(word.text)) i++;
  }
  return packages;
}
