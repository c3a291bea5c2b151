import { type CommandId, type CommandSpec, commandSpecs } from '../../src/flags.ts';
import { parse } from '../../src/lint/parse.ts';
import { analyze } from '../../src/lint/semantic.ts';

/** A command line of dlint as a page has it. */
export interface DocCommand {
  readonly line: number;
  readonly words: readonly string[];
  /** In a block for a shell, where nothing is left out. */
  readonly isWhole: boolean;
}

/** Every `dlint …` in blocks for shells, in blocks of other languages, and in backquotes. */
export function commandsOf(markdown: string): readonly DocCommand[] {
  const found: DocCommand[] = [];
  for (const { language, line, text } of blocksOf(markdown)) {
    if (/^(?:sh|bash|shell|console)$/.test(language)) {
      const script = language === 'console' ? promptedLines(text) : text;
      found.push(...shellCommands(script).map((words) => ({ line, words, isWhole: true })));
    } else {
      found.push(...mentions(text).map((words) => ({ line, words, isWhole: false })));
    }
  }
  for (const { 0: span, index } of withoutBlocks(markdown).matchAll(/(?<!`)`[^`]+`(?!`)/g)) {
    const line = markdown.slice(0, index).split('\n').length;
    found.push(...mentions(span.slice(1, -1)).map((words) => ({ line, words, isWhole: false })));
  }
  return found;
}

interface Block {
  readonly language: string;
  readonly line: number;
  readonly text: string;
}

const BLOCK = /^( *)(`{3,})([\w-]*)[^\n]*\n([\s\S]*?)^\1\2 *$/gm;

function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(BLOCK)].map(({ 3: language = '', 4: text = '', index }) => ({
    language,
    line: markdown.slice(0, index).split('\n').length,
    text,
  }));
}

function withoutBlocks(markdown: string): string {
  return markdown.replace(BLOCK, (block) => block.replace(/[^\n]/g, ' '));
}

function promptedLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.startsWith('$ '))
    .map((line) => line.slice(2))
    .join('\n');
}

/** As our own reader of shell scripts sees them: behind pipes, `&&`, `npx` and in `$(…)`. */
function shellCommands(script: string): string[][] {
  const text = `FROM scratch\nRUN <<'DLINT-DOCS'\n${script}\nDLINT-DOCS\n`;
  const { commands } = analyze(parse({ path: 'docs', text }));
  return commands.flatMap(({ command: { name, words } }) => {
    const [, ...rest] = words.map((word) => word.text);
    if (name === 'dlint') return [rest];
    const program = rest.findIndex((word) => /(?:^|\/)dlint(?:\.git)?(?:[#@-].*)?$/.test(word));
    return name === 'npx' && program >= 0 ? [rest.slice(program + 1)] : [];
  });
}

/** In a line of YAML or of prose: from the name of a command to the end of what belongs to it. */
function mentions(text: string): string[][] {
  const names = Object.keys(commandSpecs).join('|');
  const form = new RegExp(`(?<![\\w/.-])dlint ((?:${names})(?=[\\s'"]|$)[^\\n'"|;&)]*)`, 'g');
  return [...text.matchAll(form)].map(([, words = '']) => words.replace(/ # .*/, '').trim().split(/\s+/));
}

/** What dlint would not understand of a command line; undefined when it is fine. */
export function misuse({ words, isWhole }: Pick<DocCommand, 'words' | 'isWhole'>): string | undefined {
  const [name = '', ...rest] = words;
  if (name.startsWith('-')) return ['--help', '-h', '--version', '-V'].includes(name) ? undefined : `flag ${name}`;
  if (name === 'help') return undefined;
  if (!Object.hasOwn(commandSpecs, name)) return `command ${name}`;
  const spec: CommandSpec = commandSpecs[name as CommandId];
  const args: string[] = [];
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] as string;
    if (word === '--') {
      args.push(...rest.slice(i + 1));
      break;
    }
    if (!/^-./.test(word)) args.push(word);
    else if (!['--help', '-h'].includes(word)) {
      const [flag = '', glued] = word.split(/=(.*)/s);
      const known = flagOf(spec, flag);
      if (!known) return `dlint ${name} ${flag}`;
      if (known.kind === 'boolean') continue;
      const value = glued ?? rest[++i];
      const problem = value === undefined ? (isWhole ? 'value missing' : undefined) : valueProblem(spec, flag, value);
      if (problem !== undefined) return `dlint ${name} ${flag}: ${problem}`;
    }
  }
  const required = spec.args.filter((arg) => arg.required).length;
  const most = spec.args.some((arg) => arg.variadic) ? Number.POSITIVE_INFINITY : spec.args.length;
  if (isWhole && !rest.some((word) => word === '--help' || word === '-h') && args.length < required) {
    return `dlint ${name}: arguments missing`;
  }
  return isWhole && args.length > most ? `dlint ${name}: ${args.join(' ')}` : undefined;
}

function flagOf(spec: CommandSpec, word: string) {
  if (word.startsWith('--')) return Object.hasOwn(spec.flags, word.slice(2)) ? spec.flags[word.slice(2)] : undefined;
  return Object.values(spec.flags).find(({ char }) => char !== undefined && word === `-${char}`);
}

function valueProblem(spec: CommandSpec, flag: string, value: string): string | undefined {
  if (/^[A-Z…|]+$/.test(value) || value.includes('|')) return undefined;
  const known = flagOf(spec, flag);
  if (known?.options && !known.options.includes(value)) return `no ${value}`;
  const isFormat = flag === '-f' || flag === '--format';
  const format = value.split('=', 1)[0] as string;
  return isFormat && format !== 'NAME' && !spec.formats.includes(format) ? `no format ${format}` : undefined;
}
