import { type ArgSpec, type CommandId, type CommandSpec, commandSpecs, type FlagSpec } from './flags.ts';
import { labelled, painter, type Style, wrap } from './report/style.ts';
import { documentation } from './rule-page.ts';

/** Lines longer than this are hard to read, however wide the terminal is. */
const WIDTH = 80;
/** A flag that is longer has its text on the next line. */
const MOST_OF_LABEL = 26;

/** All commands, by what they are about. */
const THEMES: readonly (readonly [title: string, commands: readonly CommandId[]])[] = [
  ['Dockerfiles', ['lint', 'explain', 'rules', 'init', 'config', 'lsp']],
  ['Images', ['inspect', 'check', 'diff', 'shared', 'cat', 'extract']],
  ['Packages', ['sbom']],
  ['Shell', ['completion']],
];

/** The command whose help a command line asks for; `root` for that of all, undefined when it asks for none. */
export function helpAsked(argv: readonly string[]): CommandId | 'root' | undefined {
  const [first, second] = argv;
  if (first === undefined || isHelp(first)) return 'root';
  if (first === 'help') return second === undefined ? 'root' : commandNamed(second);
  const end = argv.indexOf('--');
  return argv.slice(1, end < 0 ? undefined : end).some(isHelp) ? commandNamed(first) : undefined;
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

function commandNamed(name: string): CommandId | undefined {
  return Object.hasOwn(commandSpecs, name) ? (name as CommandId) : undefined;
}

export function renderHelp(asked: CommandId | 'root', { color, width }: Style): Iterable<string> {
  const style = { color, width: Math.min(width, WIDTH) };
  return asked === 'root' ? renderCommands(style) : renderCommand(asked, commandSpecs[asked], style);
}

function* renderCommands(style: Style): Generator<string> {
  const paint = painter(style.color);
  yield 'Lint Dockerfiles, inspect image layers and write SBOMs.\n\n';
  yield* renderTitle('Begin with', style);
  for (const [command, what] of [
    ['dlint lint', 'the Dockerfiles below this directory'],
    ['dlint inspect app.tar', 'what docker save or skopeo wrote'],
    ['dlint sbom app.tar', 'the packages in it, as CycloneDX or SPDX'],
  ] as const) {
    yield labelled(`  ${command.padEnd(21)} `, `  ${paint(command.padEnd(21), 'cyan')} `, what, style);
  }
  for (const [title, commands] of THEMES) {
    yield '\n';
    yield* renderTitle(title, style);
    for (const name of commands) {
      const label = `  ${name.padEnd(11)}`;
      yield labelled(label, paint(label, 'cyan'), commandSpecs[name].summary, style);
    }
  }
  yield `\n${paint('dlint COMMAND --help', 'cyan')} has the flags of a command and examples.\nDocumentation: ${documentation()}\n`;
}

function* renderCommand(name: CommandId, spec: CommandSpec, style: Style): Generator<string> {
  const { summary, description, args, flags, examples } = spec;
  const paint = painter(style.color);
  yield `${wrap(summary, style.width).join('\n')}\n\n`;
  yield* renderTitle('Usage', style);
  yield `  ${['dlint', name, ...args.map(usageOf), '[FLAGS]'].join(' ')}\n\n`;
  for (const line of wrap(description, style.width)) yield `${line}\n`;
  if (args.length > 0) {
    yield '\n';
    yield* renderTitle('Arguments', style);
    const longest = Math.max(...args.map((arg) => usageOf(arg).length));
    for (const arg of args) {
      const label = `  ${usageOf(arg).padEnd(longest)} `;
      yield labelled(label, paint(label, 'cyan'), arg.summary, style);
    }
  }
  for (const [title, group] of byGroup(flags)) {
    yield '\n';
    yield* renderTitle(title, style);
    yield* renderFlags(group, style);
  }
  yield '\n';
  yield* renderTitle('Examples', style);
  for (const { description: what, command } of examples) {
    yield labelled(' ', ' ', what, style);
    yield `    $ ${paint(command, 'cyan')}\n`;
  }
}

function* renderTitle(title: string, { color }: Style): Generator<string> {
  yield `${painter(color)(title, 'bold')}\n`;
}

function usageOf({ name, required, variadic }: ArgSpec): string {
  const word = `${name.toUpperCase()}${variadic ? '...' : ''}`;
  return required ? word : `[${word}]`;
}

type Flags = CommandSpec['flags'];

/** Those without a group first, the others as they stand in the table. */
function byGroup(flags: Flags): Map<string, [string, FlagSpec][]> {
  const groups = new Map<string, [string, FlagSpec][]>([['Flags', []]]);
  for (const entry of Object.entries(flags)) {
    const { group } = entry[1];
    const title = group === undefined ? 'Flags' : group.charAt(0).toUpperCase() + group.slice(1);
    groups.set(title, [...(groups.get(title) ?? []), entry]);
  }
  groups.get('Flags')?.push(['help', { kind: 'boolean', char: 'h', summary: 'This text.' }]);
  return groups;
}

function* renderFlags(flags: readonly [string, FlagSpec][], style: Style): Generator<string> {
  const paint = painter(style.color);
  const labels = flags.map(([name, flag]) => labelOf(name, flag));
  const width = Math.max(...labels.map(({ length }) => length).filter((length) => length <= MOST_OF_LABEL), 0);
  for (const [i, [, { summary }]] of flags.entries()) {
    const label = labels[i] as string;
    const column = `  ${''.padEnd(width)} `;
    const text = labelled(column, `  ${paint(label.padEnd(width), 'cyan')} `, summary, style);
    if (label.length <= width) yield text;
    else yield `  ${paint(label, 'cyan')}\n${labelled(column, column, summary, style)}`;
  }
}

function labelOf(name: string, { char, value }: FlagSpec): string {
  return `${char === undefined ? '   ' : `-${char},`} --${name}${value === undefined ? '' : ` ${value}`}`;
}
