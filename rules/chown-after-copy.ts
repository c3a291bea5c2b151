import {
  type Command,
  type Copy,
  defineRule,
  type Edit,
  expandWord,
  insertAfter,
  isStatic,
  quoted,
  removeLines,
  resolveWorkdir,
  type ShellWord,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'chown-after-copy',
  category: 'size',
  mentions: ['chown', 'chmod', 'chgrp'],
  severity: 'warning',
  summary: 'files are copied and then changed by a recursive chown or chmod',
  why: 'A layer holds whole files. When chown or chmod touches a file of an earlier layer, its bytes are stored a second time, so the image has everything twice. COPY --chown and --chmod give the right owner and mode at once.',
  examples: [
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN «chown -R node:node /app»\n',
      good: 'FROM node:22\nWORKDIR /app\nCOPY --chown=node:node . .\n',
    },
    {
      bad: 'FROM node:22\nCOPY --link dist /srv/dist/\nRUN «chown -R node /srv/dist/»\nCMD ["a"]\n',
      good: 'FROM node:22\nCOPY --chown=node --link dist /srv/dist/\nCMD ["a"]\n',
    },
    {
      bad: 'FROM node:22\nCOPY . /app\nRUN npm ci && «chown -hR node /app»\n',
      good: 'FROM node:22\nCOPY --chown=node . /app\nUSER node\nRUN cd /app && npm ci\n',
      fixed: false,
      note: 'Something else is in the step: a person has to see what.',
    },
    {
      bad: 'FROM node:22\nCOPY --from=build /app /app\nRUN chmod --recursive g=u /app/data && «chgrp -R 0 /app» && chmod -R g=u /app\nRUN «chmod --recursive g=u /app»\n',
    },
    {
      bad: 'FROM node:22\nENV D=/app\nCOPY src $D/src\nRUN mkdir /x; find / -name x; «chown -R node:node ${D}» && true\n',
    },
    {
      bad: 'FROM node:22\nWORKDIR /app\nADD a.tar.gz /app/\nRUN «chown -R node .»\n',
      note: 'ADD unpacks.',
      good: 'FROM node:22\nWORKDIR /app\nADD --chown=node a.tar.gz /app/\n',
    },
    { bad: 'FROM node:22\nCOPY a /a/\nCOPY b /b/\nRUN «chown -R node /b /a»\n' },
    {
      good: 'FROM node:22\nCOPY --chown=node . /app\nRUN chown -R node /app\n',
      note: 'It has its owner already; what is written again is little.',
    },
    { good: 'FROM node:22\nCOPY . /app\nRUN chown node /app && chown -R node /data /application && chmod +x /app/x\n' },
    { good: 'FROM node:22\nCOPY package.json start.sh /app/\nRUN chown -R node /app\n', note: 'A few single files.' },
    { good: 'FROM node:22 AS build\nCOPY . /app\nRUN chown -R node /app\nFROM scratch\nCOPY --from=build /app /app\n' },
    {
      good: 'FROM node:22\nRUN chown -R node /app\nCOPY . /app\nRUN chown -R $USER /b && chown -R node "$X" && echo chown -R node /app\n',
    },
    { good: 'FROM node:22\nCOPY --chmod=755 dist /app\nRUN chmod -R 755 /app\n' },
    {
      bad: 'FROM node:22\nCOPY a /a/\nRUN «chown -R node /a /data»\nCOPY b /b/\nRUN --network=none «chown -R node /b»\nCOPY c /c/\nRUN true\nRUN «chown -R node /c»\n',
    },
    {
      bad: 'FROM node:22\nCOPY a /a/\nRUN «chgrp -R node /a»\nCOPY b /b/\nRUN «chmod -R 755 /b»\nCOPY c /c/\nRUN «chown -R $U /c»\nCOPY d /d/\nRUN sudo «chown -R node /d»\n',
    },
    {
      bad: 'FROM node:22\nCOPY a /a/\nRUN [«"chown", "-R", "node", "/a"»]\nCOPY b /b/c/\nRUN «chown -R node /b»\nCOPY d /d/\nRUN «chown -R node /d» > /log\nCOPY e /e/\nRUN «chown -R a+b /e»\n',
    },
    {
      good: 'FROM node:22\nONBUILD COPY . /a\nRUN chown -R node /a\nCOPY b.tar.gz /b\nRUN chown -R node /b\nCOPY c /c\nCMD chown -R node /c\n',
    },
    {
      bad: 'FROM debian:13\nCOPY a/ b c /srv/\nRUN «chown -R u /srv»\n',
      good: 'FROM debian:13\nCOPY --chown=u a/ b c /srv/\n',
    },
    {
      bad: 'FROM debian:13\nADD git@github.com:a/b.git /a\nRUN «chown -R u /a»\n',
      good: 'FROM debian:13\nADD --chown=u git@github.com:a/b.git /a\n',
    },
    {
      bad: 'FROM debian:13\nADD a.tar.gz /a\nRUN «chown -R u /a»\n',
      good: 'FROM debian:13\nADD --chown=u a.tar.gz /a\n',
    },
    { good: 'FROM debian:13\nCOPY a.tar.gz /a\nRUN chown -R u /a\n' },
    { bad: 'FROM debian:13\nCOPY * /a\nRUN «chown -R u /a»\n', good: 'FROM debian:13\nCOPY --chown=u * /a\n' },
    { bad: 'FROM debian:13\nCOPY . /a\nRUN «chown -R u /»\n' },
    { good: 'FROM debian:13\nCOPY . /a\nRUN chown -R u $(pwd)/a /a/$(x)\n' },
    { bad: 'FROM debian:13\nCOPY . /a\nRUN «chown -R $(id -u) /a»\n' },
    { bad: 'FROM debian:13\nCOPY . /a\nRUN «chown -R u /a» && ls\n' },
    { good: 'FROM debian:13\nCOPY . $X\nRUN chown -R u /a\n' },
    { bad: 'FROM debian:13\nCOPY --chown=u . /a\nCOPY . /b\nRUN chown -R v /a && «chown -R u /b»\n' },
  ],
  *check({ stages, dockerfile }) {
    for (const stage of stages) {
      if (!stage.isShipped) continue;
      const trees: Tree[] = [];
      for (const step of stage.steps) {
        if (step.deferred) continue;
        trees.push(...treesOf(step));
        if (step.instruction.keyword !== 'RUN') continue;
        const found = firstChange(step, trees.slice(-maxTrees));
        if (!found) continue;
        const { command, change, tree } = found;
        const edits = repair(found, step, dockerfile.source.text);
        yield {
          at: { start: (command.words[0] ?? command).span.start, end: (command.words.at(-1) ?? command).span.end },
          message: `${command.name} stores everything in ${quoted(tree.path)} a second time`,
          help: `give ${change.flag === 'chmod' ? 'the mode' : 'the owner'} when it is copied: ${tree.step.instruction.keyword} --${change.flag}=…`,
          ...(edits ? { fix: { title: `Copy with --${change.flag}`, safe: false, edits } } : {}),
        };
      }
    }
  },
});

interface Found {
  readonly command: Command;
  readonly change: Change;
  readonly tree: Tree;
}

/** The first command of a step that touches a whole tree; once it is in this layer, further ones cost nothing. */
function firstChange(step: Step, trees: readonly Tree[]): Found | undefined {
  for (const command of step.commands) {
    const change = changeOf(command, step);
    const tree =
      change &&
      trees.findLast(({ has, path }) => !has.has(change.flag) && change.paths.some((each) => isIn(path, each)));
    if (tree) return { command, change, tree };
  }
  return undefined;
}

/** Copies that are looked at, from the last one on. */
const maxTrees = 50;

/** A folder that COPY or ADD has brought in. */
interface Tree {
  readonly step: Step;
  readonly path: string;
  /** Flags that give owner or mode. */
  readonly has: ReadonlySet<string>;
}

function treesOf(step: Step): readonly Tree[] {
  const { copy, instruction, workdir } = step;
  if (!copy || copy.targetPath === undefined) return [];
  const path = resolveWorkdir(workdir, copy.targetPath);
  const isTree = copy.sources.some(
    ({ kind, word }) => kind === 'git' || (kind === 'path' && isFolder(word.text, instruction.keyword === 'ADD')),
  );
  return path === undefined || !isTree ? [] : [{ step, path, has: new Set(instruction.flags.map(({ name }) => name)) }];
}

/** Has no extension, or is an archive that ADD unpacks. A single file is not worth a finding. */
function isFolder(source: string, isAdd: boolean): boolean {
  const name = source.replace(/\/+$/, '').replace(/.*\//, '');
  if (isAdd && /\.(tar(\.\w+)?|tgz|tbz2?|txz)$/.test(name)) return true;
  return (
    source.endsWith('/') ||
    /^\.{0,2}$/.test(name) ||
    name === '*' ||
    !/[.*?$]|^(Makefile|Dockerfile|Gemfile|LICENSE)$/.test(name)
  );
}

interface Change {
  readonly flag: 'chown' | 'chmod';
  readonly paths: readonly string[];
  readonly value: ShellWord;
}

/** `chown -R user path…`, `chgrp -R group path…`, `chmod -R mode path…`. */
function changeOf({ name, words }: Command, step: Step): Change | undefined {
  if (name !== 'chown' && name !== 'chmod' && name !== 'chgrp') return undefined;
  const args = words.slice(1);
  if (!args.some(({ text }) => /^-[a-zA-Z]*R|^--recursive$/.test(text))) return undefined;
  const [value, ...targets] = args.filter(({ text }) => !text.startsWith('-'));
  const paths = targets.flatMap((word) => {
    const { text, unmatched, error } = expandWord(word.text, { get: (variable) => step.env.get(variable)?.value });
    const isKnown = !error && unmatched.length === 0 && word.expansions.every(({ kind }) => kind === 'variable');
    const path = isKnown ? resolveWorkdir(step.workdir, text.replace(/\/\*?$/, '') || '/') : undefined;
    return path === undefined ? [] : [path];
  });
  return value && { flag: name === 'chmod' ? 'chmod' : 'chown', paths, value };
}

function isIn(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}

/** When the RUN does nothing else, stands right behind the only copy, and changes exactly what was copied. */
function repair({ command, change, tree }: Found, step: Step, text: string): readonly Edit[] | undefined {
  const { flag, paths, value } = change;
  const isAlone =
    step.commands.length === 1 &&
    step.index === tree.step.index + 1 &&
    command.redirects.length + command.wrappers.length === 0;
  const isPlain = command.name !== 'chgrp' && flag === 'chown' && isStatic(value) && /^[\w:.-]+$/.test(value.text);
  const { instruction } = step;
  if (!isAlone || !isPlain || command.exec || paths.length !== 1 || paths[0] !== tree.path) return undefined;
  if (instruction.flags.length + instruction.comments.length > 0) return undefined;
  const copy = tree.step.instruction as Copy;
  return [insertAfter(copy.keywordSpan, ` --chown=${value.text}`), removeLines(text, instruction)];
}
