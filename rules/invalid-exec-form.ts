import { defineRule, type Instruction, type Problem, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'invalid-exec-form',
  category: 'correctness',
  severity: 'error',
  presets: { hadolint: 'warning', buildkit: 'warning' },
  summary: 'an exec form that is not valid JSON',
  why: 'A builder that cannot read the brackets as a JSON array of strings says nothing and takes the line as a shell command, or as paths. The shell then looks for a program called `[`, or called like the whole line; VOLUME makes a folder of that name.',
  examples: [
    { bad: "FROM alpine:3\nCMD «['nginx', '-g']»\n", good: 'FROM alpine:3\nCMD ["nginx", "-g"]\n' },
    { bad: 'FROM alpine:3\nENTRYPOINT «["a" "b",]»\n', good: 'FROM alpine:3\nENTRYPOINT ["a", "b"]\n' },
    { bad: 'FROM alpine:3\nCMD «["C:\\Ruby\\ruby.exe"]»\n', good: 'FROM alpine:3\nCMD ["C:\\\\Ruby\\\\ruby.exe"]\n' },
    { bad: 'FROM alpine:3\nRUN «["apk", \'add\', "curl"]»\n', good: 'FROM alpine:3\nRUN ["apk", "add", "curl"]\n' },
    { bad: 'FROM alpine:3\nCMD «["a", "b"» \n' },
    { bad: 'FROM alpine:3\nCMD «["a", "b"] # start»\n' },
    { bad: 'FROM alpine:3\nCMD «[npm, start]»\n' },
    { bad: 'FROM alpine:3\nCMD «[“npm”, “start”]»\n', good: 'FROM alpine:3\nCMD ["npm", "start"]\n' },
    {
      bad: 'FROM alpine:3\nVOLUME «[\'/data\']»\nVOLUME «["/a", "/b",]»\n',
      good: 'FROM alpine:3\nVOLUME ["/data"]\nVOLUME ["/a", "/b"]\n',
    },
    {
      bad: 'FROM alpine:3\nCOPY --chown=1:1 «["a b" "/c/"]»\n',
      good: 'FROM alpine:3\nCOPY --chown=1:1 ["a b", "/c/"]\n',
    },
    {
      bad: 'FROM alpine:3\nADD «[a, /b]»\nCOPY «["a", "b" \\\n  "/c/"]»\nVOLUME «["/a"»\nVOLUME «["/a"] /b»\n',
    },
    { good: 'FROM alpine:3\nCOPY [a-z]* [b] /c/\nADD [[]a /b\nVOLUME /[a]\nCOPY ["a", "/b"]\n' },
    { good: "FROM alpine:3\nSHELL ['sh', '-c']\n", note: 'This is `syntax-error`.' },
    { good: 'FROM alpine:3\nENTRYPOINT []\nCMD ["a", "\\u0041"]\n' },
    { good: 'FROM alpine:3\nRUN [ "${FAIL}" == "0" ] || false\n' },
    { good: 'FROM alpine:3\nRUN [ "$A" ]\n' },
    { good: 'FROM alpine:3\nRUN [[ -f composer.lock || -f composer.json ]] && composer install\n' },
    { good: 'FROM alpine:3\nHEALTHCHECK CMD [ -f /tmp/ready ]\n' },
    {
      good: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell"]\nRUN [Net.ServicePointManager]::SecurityProtocol = 3\n',
    },
    { bad: "FROM alpine:3\nCMD «['a', \\\n  'b']»\n" },
    { bad: "FROM alpine:3\nRUN «['true']»\n", good: 'FROM alpine:3\nRUN ["true"]\n' },
    { good: "FROM alpine:3\nRUN [ 'a' ]\nCMD [ ]x\n" },
    { bad: 'FROM alpine:3\nCMD «["a",, "b"]»\n', good: 'FROM alpine:3\nCMD ["a", "b"]\n' },
    { bad: 'FROM alpine:3\nCMD «[, "a"]»\n', good: 'FROM alpine:3\nCMD ["a"]\n' },
    { bad: 'FROM alpine:3\nRUN «["a",]»\n', good: 'FROM alpine:3\nRUN ["a"]\n' },
    { bad: 'FROM alpine:3\nRUN «["a" "b"]»\n', good: 'FROM alpine:3\nRUN ["a", "b"]\n' },
    { bad: 'FROM alpine:3\nCMD «[ "a" "b" ]»\n', good: 'FROM alpine:3\nCMD ["a", "b"]\n' },
    { bad: 'FROM alpine:3\nRUN «[ "a", \'b\' ]»\n', good: 'FROM alpine:3\nRUN ["a", "b"]\n' },
    { bad: 'FROM alpine:3\nRUN «["a", "b"»\nCMD «["a"»\nENTRYPOINT «["a", "b»\n' },
    { bad: 'FROM alpine:3\nCMD «["a"] x»\n' },
    { bad: 'FROM alpine:3\nRUN «["a", \'b\'] <<EOF»\nx\nEOF\n' },
    {
      good: 'FROM alpine:3\nRUN ["a" \nRUN ["a b\nRUN [["a", "b"]]\nRUN [a, b]\nRUN x ["a", \'b\']\nRUN [\nCMD [a b]\nCMD [\n',
      note: 'Whatever this is, it is hardly meant as JSON.',
    },
    { bad: "FROM alpine:3\nENTRYPOINT «['a', 'b \\' c']»\n", good: 'FROM alpine:3\nENTRYPOINT ["a", "b \\\\\' c"]\n' },
  ],
  *check({ steps, dockerfile }) {
    for (const { instruction } of steps) {
      yield* wrongPaths(instruction, dockerfile.source.text);
      // SHELL has no other form: `syntax-error`.
      if (!('script' in instruction) || instruction.keyword === 'SHELL') continue;
      if (instruction.form === 'exec' || !instruction.script) continue;
      const { text, segments } = instruction.script;
      if (!text.trimStart().startsWith('[')) continue;
      const attempt = readAttempt(text.trim(), instruction.keyword === 'RUN');
      if (!attempt) continue;
      const start = (segments[0]?.offset ?? instruction.span.start) + text.length - text.trimStart().length;
      const at = { start, end: instruction.heredocs.length > 0 ? start + text.trim().length : instruction.span.end };
      const isWhole = segments.length === 1 && instruction.heredocs.length === 0;
      const json = attempt.words && `[${attempt.words.map((word) => JSON.stringify(word)).join(', ')}]`;
      const fix = { title: 'Write valid JSON', safe: false, edits: [replace(at, json ?? '')] };
      yield {
        at: isWhole ? { start, end: start + text.trim().length } : at,
        message: `not a JSON array of strings (${attempt.problem}), so ${instruction.keyword} takes it as a shell command`,
        help,
        ...(json && isWhole ? { fix } : {}),
      };
    }
  },
});

/** COPY, ADD and VOLUME, which take words where they cannot read an array. */
function* wrongPaths(instruction: Instruction, source: string): Generator<Problem> {
  const { keyword } = instruction;
  if ((keyword !== 'COPY' && keyword !== 'ADD' && keyword !== 'VOLUME') || instruction.form === 'exec') return;
  const words =
    'sources' in instruction
      ? [...instruction.sources, ...(instruction.target ? [instruction.target] : [])]
      : instruction.words;
  const [first, last] = [words[0], words.at(-1)];
  if (!first?.raw.startsWith('[') || !last) return;
  const at = { start: first.span.start, end: last.span.end };
  const isOneLine = !source.slice(at.start, at.end).includes('\n');
  const attempt = readAttempt(words.map(({ raw }) => raw).join(' '), false);
  if (!attempt) return;
  const json = attempt.words && `[${attempt.words.map((word) => JSON.stringify(word)).join(', ')}]`;
  yield {
    at,
    message: `not a JSON array of strings (${attempt.problem}), so ${keyword} takes ${words.length === 1 ? 'it' : 'its parts'} as paths`,
    help,
    ...(json && isOneLine ? { fix: { title: 'Write valid JSON', safe: false, edits: [replace(at, json)] } } : {}),
  };
}

const help = 'every word in double quotes, a comma between two, backslashes doubled, nothing behind the ]';

interface Attempt {
  readonly problem: string;
  /** The words, when there is no doubt about them. */
  readonly words?: readonly string[];
}

const quotes: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”', '‘': '’' };

/** Reads brackets as generously as a person would; undefined for what is meant as a test or anything else. */
function readAttempt(text: string, isRun: boolean): Attempt | undefined {
  if (text.startsWith('[[')) return undefined;
  const words: string[] = [];
  let problem = '';
  let at = 1;
  let commas = 0;
  let isBehindWord = false;
  for (;;) {
    at = skipBlanks(text, at);
    const unit = text[at];
    if (unit === undefined)
      return words.length > 0 && (commas > 0 || !isRun) ? { problem: 'the ] is missing' } : undefined;
    if (unit === ']') break;
    if (unit === ',') {
      if (!isBehindWord) problem ||= 'a comma too many';
      isBehindWord = false;
      commas++;
      at++;
      continue;
    }
    const close = quotes[unit];
    if (close === undefined) return bareWords(text, isRun, words);
    const end = closing(text, at + 1, close);
    if (end < 0) return words.length > 0 && commas > 0 ? { problem: 'a quote is not closed' } : undefined;
    const string = text.slice(at + 1, end);
    if (unit !== '"') problem ||= `${unit === "'" ? 'single' : 'typographic'} quotes`;
    else if (/\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(string)) problem ||= 'a single backslash';
    if (isBehindWord) problem ||= 'a comma is missing';
    isBehindWord = true;
    words.push(meant(string));
    at = end + 1;
  }
  if (words.length === 0) return undefined;
  // `[ "$A" ]` and `[ "a" "b" ]` are tests; a comma makes it an array.
  if (isRun && commas === 0 && /\s/.test(text[1] ?? '')) return undefined;
  if (at < text.length - 1) return { problem: 'text behind the ]' };
  if (!isBehindWord) problem ||= 'a comma too many';
  return problem === '' ? undefined : { problem, words };
}

function bareWords(text: string, isRun: boolean, words: readonly string[]): Attempt | undefined {
  if (isRun || words.length > 0 || !/^\[\s*[\w./]+\s*,[^\]]*\]$/.test(text)) return undefined;
  return { problem: 'words without quotes' };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? '')) at++;
  return at;
}

function closing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === quote) return at;
    if (text[at] === '\\' && (text[at + 1] === quote || text[at + 1] === '\\')) at++;
  }
  return -1;
}

/** What the author meant: `\\` and `\"` as in JSON, any other backslash as it stands. */
function meant(string: string): string {
  return string.replace(/\\(["\\])/g, '$1');
}
