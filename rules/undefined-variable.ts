import {
  closest,
  defineRule,
  expandedWords,
  insertBefore,
  plainReference,
  platformArgs,
  predefinedArgs,
  type SemanticModel,
  type Stage,
  type Step,
  type Word,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'undefined-variable',
  aliases: ['UndefinedVar'],
  category: 'correctness',
  severity: 'warning',
  presets: { buildkit: 'warning' },
  summary: 'a variable that is not set at this place',
  why: 'The builder fills in nothing for it and goes on: files land in the root folder, a version is empty, a search path begins with the current folder. Mostly an ARG above the first FROM was meant, which a stage has to take over with an ARG of its own; or a name is misspelt.',
  examples: [
    {
      bad: 'ARG APP=shop\nFROM alpine:3\nCOPY a /srv/«$APP»/\nCOPY b /srv/«${APP}»/\n',
      good: 'ARG APP=shop\nFROM alpine:3\nARG APP\nCOPY a /srv/$APP/\nCOPY b /srv/${APP}/\n',
    },
    {
      bad: 'FROM node:22\nENV BIN=app-«$TARGETARCH»\n',
      good: 'FROM node:22\nARG TARGETARCH\nENV BIN=app-$TARGETARCH\n',
    },
    { bad: 'FROM node:22\nWORKDIR "/«${APP_FOLDER}»/x"\nENV APP_FOLDER=app\nUSER $APP_FOLDER\n' },
    { bad: 'FROM alpine:3 AS a\nARG UID=1\nFROM a\nUSER «$UID»\nEXPOSE «$UID»\n', note: 'ARGs are not inherited.' },
    {
      bad: 'FROM node:22\nENV APPLICATION=/a\nVOLUME «$APLICATION»\n',
      good: 'FROM node:22\nENV APPLICATION=/a\nVOLUME $APPLICATION\n',
      fixed: false,
    },
    { bad: 'FROM debian:13\nENV LD_LIBRARY_PATH=/x:«$LD_LIBRARY_PATH»\nCOPY --chown=«$X» a "$PATH"\n' },
    { bad: 'FROM scratch\nLABEL a="b «${Q}»"\nARG A=«$B»\n' },
    {
      bad: 'FROM python:3.13\nENV PATH=«$HOME»/.local/bin:$PATH\n',
      note: 'HOME is set when a program runs, not before.',
    },
    { good: 'FROM node:22\nCOPY a $NODE_HOME/\n', note: 'The base image may set it.' },
    { good: 'ARG APP=x\nFROM alpine:3\nARG APP\nARG B=$APP C=$B\nCOPY a /$APP/${X:-d}${X+e}${B#x}\n' },
    { good: 'ARG APP\nFROM debian:13 AS a\nENV APP=x PATH=$PATH:/x\nFROM a\nLABEL x=$APP y="\\$Z" z=\'$Z\'\n' },
    { good: 'FROM alpine:3\nRUN echo $X\nCMD $X\nENTRYPOINT ["$X"]\n', note: 'The shell has a say here.' },
    { good: 'FROM scratch\nONBUILD COPY a $APP\nENV A=1 B=$A\n', note: 'The second is `env-self-reference`.' },
    {
      good: 'FROM app:1\nENV CFLAGS="$CFLAGS -g"\nENV CFLAGS=-O LIB=$LIB\nARG VERSION=$VERSION\n',
      note: 'They extend what the base image may set.',
    },
    { good: 'FROM scratch\nENV P=$HTTP_PROXY\nENV LANG=$http_proxy\n' },
  ],
  deviations: [
    { code: 'UndefinedVar', what: 'silent for `${X:-default}`', why: 'the file says what holds when it is unset' },
    {
      code: 'UndefinedVar',
      what: 'where the base image may set the variable, speaks only when the file shows what was meant',
      why: 'no registry is asked',
    },
  ],
  *check(model) {
    const declared = declarations(model);
    const offered = new Set<string>();
    for (const step of model.steps) {
      if (step.deferred) continue;
      for (const word of wordsOf(step)) {
        for (const name of word.raw.includes('$') ? step.expand(word.raw).unmatched : []) {
          const at = isUndefined(name, step) ? plainReference(model.dockerfile.source.text, word, name) : undefined;
          const cause = at && causeOf(name, step, model, declared);
          if (!at || !cause) continue;
          const key = `${step.stage.index} ${name}`;
          const isFixable = cause.isMissingArg && !offered.has(key);
          if (isFixable) offered.add(key);
          yield {
            at,
            message: `${name} ${cause.message}, so it is empty`,
            help: cause.help,
            ...(isFixable ? fixOf(name, step) : {}),
          };
        }
      }
    }
  },
});

function fixOf(name: string, { instruction }: Step) {
  const edits = [insertBefore(instruction, `ARG ${name}\n`)];
  return { fix: { title: `Add ARG ${name} to the stage`, safe: false, edits } };
}

/** With the owner of COPY, which is filled in, too. */
function wordsOf({ instruction }: Step): readonly Word[] {
  const words = expandedWords(instruction);
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return words;
  const owners = instruction.flags.flatMap(({ name, value = '', valueSpan: span }) =>
    (name === 'chown' || name === 'chmod') && span ? [{ span, raw: value, text: value }] : [],
  );
  return [...owners, ...words];
}

const alwaysSet: ReadonlySet<string> = new Set(['PATH', ...predefinedArgs]);

function isUndefined(name: string, { env, instruction }: Step): boolean {
  if (alwaysSet.has(name) || env.has(name)) return false;
  // Pairs of the same instruction: those of ARG see each other, those of ENV are another rule's.
  if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') return true;
  const own = instruction.pairs.find(({ key }) => key.text === name);
  return !own || (instruction.keyword === 'ENV' && own.value?.raw.includes(name) === true);
}

interface Cause {
  readonly message: string;
  readonly help: string;
  readonly isMissingArg?: boolean;
}

/** Stages further up the chain, and names to compare with, are not looked at beyond these. */
const maxBases = 20;
const maxNames = 500;

/** Why the variable is surely, or all but surely, not set; undefined when the base image may set it. */
function causeOf(name: string, step: Step, model: SemanticModel, declared: Declarations): Cause | undefined {
  const { stage, env } = step;
  if (model.globalArgs.get(name)?.kind === 'arg') {
    const message = 'is declared above the first FROM, and this stage does not take it over';
    return { message, help: `add ARG ${name} to the stage`, isMissingArg: true };
  }
  if (platformArgs.includes(name)) {
    const message = 'is known to a stage only with an ARG';
    return { message, help: `add ARG ${name} to the stage`, isMissingArg: true };
  }
  if (!isExtended(name, step) && (declared.get(stage)?.get(name)?.index ?? -1) > step.index) {
    return { message: 'is set further below only', help: `move the ARG or ENV that sets ${name} up` };
  }
  if (isArgOfBase(name, stage, declared)) {
    const message = 'is an ARG of the stage that this one starts from, and ARGs are not inherited';
    return { message, help: `add ARG ${name} to this stage, too` };
  }
  const near = closest(name, [...env.names()].slice(0, maxNames));
  const isMisspelt = near && name.length > 5 && Math.abs(near.length - name.length) < 2 && !isExtended(name, step);
  if (!isMisspelt && !cannotBeSet(name, step)) return undefined;
  return {
    message: 'is set nowhere',
    help: near ? `did you mean ${near}?` : 'set it with ARG or ENV, or write the value',
  };
}

/** `ENV LIBS=$LIBS:/x` is written where the base image is known to set it. */
function isExtended(name: string, { instruction }: Step): boolean {
  return instruction.keyword === 'ENV' && instruction.pairs.some(({ key }) => key.text === name);
}

/** Where the ARGs and ENVs of each stage stand: the last of each name. Those that extend their own value are left out. */
type Declarations = ReadonlyMap<Stage, ReadonlyMap<string, { readonly index: number; readonly isArg: boolean }>>;

function declarations({ stages }: SemanticModel): Declarations {
  return new Map(
    stages.map((stage) => {
      const byName = new Map<string, { index: number; isArg: boolean }>();
      for (const { instruction, deferred, index } of stage.steps) {
        if (deferred || (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV')) continue;
        for (const { key, value } of instruction.pairs) {
          if (!value?.raw.includes(key.text)) byName.set(key.text, { index, isArg: instruction.keyword === 'ARG' });
        }
      }
      return [stage, byName];
    }),
  );
}

function isArgOfBase(name: string, stage: Stage, declared: Declarations): boolean {
  let { base } = stage;
  for (let i = 0; i < maxBases && base.kind === 'stage'; i++) {
    if (declared.get(base.stage)?.get(name)?.isArg) return true;
    base = base.stage.base;
  }
  return false;
}

/** Images with nothing but PATH, and the few variables of `distributionVariables`, in their configuration. */
const bare =
  /^library\/(?:alpine|debian|ubuntu|busybox|fedora|centos|rockylinux|almalinux|amazonlinux|oraclelinux|archlinux)$|^opensuse\/(?:leap|tumbleweed)$/;
const distributionVariables = /^(?:container|FGC|DISTTAG|LANG)$/;

function cannotBeSet(name: string, { stage }: Step): boolean {
  const root = stage.root;
  if (root.kind === 'scratch') return true;
  if (root.kind !== 'image') return false;
  // No official image sets HOME; the runtime does, when a container starts.
  if (name === 'HOME') return root.image.repository.startsWith('library/');
  return bare.test(root.image.repository) && !distributionVariables.test(name);
}
