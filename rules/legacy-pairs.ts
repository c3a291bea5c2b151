import {
  type Dockerfile,
  defineRule,
  type Edit,
  flagOption,
  lineStarts,
  listing,
  type Pair,
  type Pairs,
  positionAt,
  replace,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'legacy-pairs',
  aliases: ['LegacyKeyValueFormat'],
  category: 'style',
  severity: 'style',
  presets: { buildkit: 'warning' },
  summary: 'ENV or LABEL without an equals sign',
  why: '`ENV key value` takes the rest of the line for the value, so it can set one variable only, and a second one that is added becomes part of the first. The form is deprecated; `ENV key=value` says where the value ends.',
  options: {
    each: flagOption(false, 'Every one of them by itself; otherwise the first of a file, which names the others.'),
  },
  presetOptions: { buildkit: { each: true } },
  examples: [
    {
      bad: 'FROM alpine:3\n«ENV A» b\nENV C=d\nENV D e\nLABEL f g h\n',
      good: 'FROM alpine:3\nENV A=b\nENV C=d\nENV D=e\nLABEL f="g h"\n',
    },
    {
      bad: 'FROM alpine:3\n«ENV A» b\n«ENV D» e\n',
      good: 'FROM alpine:3\nENV A=b\nENV D=e\n',
      options: { each: true },
    },
    { bad: 'FROM alpine:3\n«ENV A» b\n', good: 'FROM alpine:3\nENV A=b\n' },
    { bad: 'FROM alpine:3\n«LABEL   a.b»   x  $Y\nUSER a\n', good: 'FROM alpine:3\nLABEL   a.b="x  $Y"\nUSER a\n' },
    { bad: 'FROM alpine:3\n«ENV A» "b c" d\\ e\n', good: 'FROM alpine:3\nENV A="b c"\\ d\\ e\n' },
    { bad: 'FROM alpine:3\n«ENV A» b\\ ${C} d\n', good: 'FROM alpine:3\nENV A=b\\ ${C}\\ d\n' },
    { bad: 'FROM alpine:3\n«ENV A» b\\ ${C:-c d}\n', note: 'For a person: blanks within a default.' },
    { bad: "FROM alpine:3\n«ENV A» it\\'s 'a b'\n", good: "FROM alpine:3\nENV A=it\\'s\\ 'a b'\n" },
    { bad: 'FROM alpine:3\n«ENV A» b \\\n  # c\n  d\n', good: 'FROM alpine:3\nENV A="b \\\n  # c\n  d"\n' },
    { bad: 'FROM alpine:3\nONBUILD «ENV A» \\\n  b\n', good: 'FROM alpine:3\nONBUILD ENV A=b\n' },
    { bad: 'FROM alpine:3\n«ENV A» "b" \\\n  c\n', note: 'For a person: quotes over two lines.' },
    { bad: 'FROM alpine:3\n«ENV A» \\\n  # why\n  b\n', note: 'For a person: the comment would be lost.' },
    {
      bad: '# escape=`\nFROM alpine:3\n«ENV A» C:\\a "b"\n',
      good: '# escape=`\nFROM alpine:3\nENV A=C:\\a` "b"\n',
      exact: true,
    },
    { bad: 'FROM alpine:3\n«ENV A» ${B:-a b} c\n', good: 'FROM alpine:3\nENV A="${B:-a b} c"\n' },
    { good: 'FROM alpine:3\nENV A=b C="d e"\nLABEL a=b\nARG A\n' },
    { good: 'FROM alpine:3\nENV A\n', note: 'This is `syntax-error`.' },

    { bad: "FROM alpine:3\n«ENV A» 'b\\' c\n", good: "FROM alpine:3\nENV A='b\\'\\ c\n" },
    { bad: 'FROM alpine:3\n«ENV A» "it\'s" b "${B:-c d}"\n', good: 'FROM alpine:3\nENV A="it\'s"\\ b\\ "${B:-c d}"\n' },
    { bad: 'FROM alpine:3\n«LABEL "a"» b\n', note: 'For a person: a name in quotes.' },
    { bad: 'FROM alpine:3\n«ENV A» \'x "y"\'\n', good: 'FROM alpine:3\nENV A=\'x "y"\'\n' },
    {
      bad: 'FROM alpine:3\n«ENV A» ${X:-a b}\nENV B "${X:-a b}"\n',
      good: 'FROM alpine:3\nENV A="${X:-a b}"\nENV B="${X:-a b}"\n',
    },
    { bad: "FROM alpine:3\n«ENV A\"B» c\nENV 'A' b\n" },
  ],
  *check({ dockerfile, steps }, { each }) {
    const all = steps.flatMap(({ instruction }) => {
      const isPairs = instruction.keyword === 'ENV' || instruction.keyword === 'LABEL';
      const pair = isPairs && !instruction.equals ? instruction.pairs[0] : undefined;
      if (!isPairs || !pair?.value) return [];
      return [{ instruction, key: pair.key, edits: withEquals(instruction, pair, dockerfile) ?? [] }];
    });
    const starts = lineStarts(dockerfile.source.text);
    for (const { instruction, key, edits } of each ? all : all.slice(0, 1)) {
      const title = `${instruction.keyword} ${key.text}`;
      const others = each ? [] : all.slice(1);
      const lines = others.map((other) => String(positionAt(starts, other.key.span.start).line));
      const where = lines.length === 0 ? '' : `, as in ${lines.length === 1 ? 'line' : 'lines'} ${listing(lines)}`;
      const repairs = [...edits, ...others.flatMap((other) => other.edits)];
      yield {
        at: { start: instruction.keywordSpan.start, end: key.span.end },
        message: `${title} has no equals sign${where}: the rest of the line is its value`,
        help: `write ${title}=…`,
        ...(repairs.length > 0 ? { fix: { title: 'Write it with =', edits: repairs } } : {}),
      };
    }
  },
});

/** The same value, marked so that it is one word. Undefined where a comment would be lost, or quotes run over lines. */
function withEquals(
  { comments }: Pairs,
  { key, value }: Pair,
  { escape: marker }: Dockerfile,
): readonly Edit[] | undefined {
  if (!value || /["'\\`]/.test(key.raw)) return undefined;
  const gap = { start: key.span.end, end: value.span.start };
  if (comments.some(({ start }) => start > gap.start && start < gap.end)) return undefined;
  const isPlain = !/["']/.test(value.raw) && !value.raw.includes(marker);
  if (!/\s/.test(value.raw)) return [replace(gap, '=')];
  if (isPlain) {
    const { end } = value.span;
    return [replace(gap, '="'), replace({ start: end, end }, '"')];
  }
  const escaped = escapeBlanks(value.raw, marker);
  const isOnOneLine = value.span.end - value.span.start === value.raw.length;
  return isOnOneLine && escaped !== undefined
    ? [replace({ start: gap.start, end: value.span.end }, `=${escaped}`)]
    : undefined;
}

const maxBrace = 200;

/** An escape character before each blank outside quotes. Undefined when a quote is left open, or blanks are part of `${…}`. */
function escapeBlanks(raw: string, marker: string): string | undefined {
  let result = '';
  let quote = '';
  for (let i = 0; i < raw.length; i++) {
    const char = raw.charAt(i);
    if (char === marker && quote !== "'") {
      result += char + raw.charAt(++i);
      continue;
    }
    if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    const brace = quote === '' ? /^\$\{[^\s"'{}]*\}/.exec(raw.slice(i, i + maxBrace))?.[0] : undefined;
    if (brace) {
      result += brace;
      i += brace.length - 1;
      continue;
    }
    if (quote === '' && raw.startsWith('${', i)) return undefined;
    result += quote === '' && /\s/.test(char) ? marker + char : char;
  }
  return quote === '' ? result : undefined;
}
