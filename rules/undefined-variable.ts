import {
  closest,
  defineRule,
  expandedWords,
  type Instruction,
  insertBefore,
  plainReferences,
  platformArgs,
  predefinedArgs,
  type SemanticModel,
  type Span,
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
    { bad: 'FROM node:22\nWORKDIR "/«${APP_FOLDER}»/x"\nENV Q=«$APP_FOLDER»\nENV APP_FOLDER=app\nUSER $APP_FOLDER\n' },
    {
      good: 'FROM alpine:3 AS a\nARG UID=1\nFROM a\nUSER $UID\nEXPOSE $UID\n',
      note: 'ARGs go on in the stages that start from theirs.',
    },
    {
      bad: 'FROM node:22\nENV APPLICATION=/a\nVOLUME «$APLICATION»\n',
      good: 'FROM node:22\nENV APPLICATION=/a\nVOLUME $APPLICATION\n',
      fixed: false,
    },
    {
      bad: 'FROM debian:13\nENV LD_LIBRARY_PATH=/x:«$LD_LIBRARY_PATH»\nCOPY --chown=«$X» a "$PATH"\nADD --chmod=«$M» a /\n',
    },
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

    {
      good: 'FROM app:1\nENV CFLAGS=-O\nENV CXXFLAGS=$CXXFLAGS\nENV CFLAG=$CFLAG\n',
      note: 'They extend what the base image may set.',
    },
    {
      good: 'FROM app:1\nENV APPLICATION=a URL=b\nLABEL a=$APPLICATION_2 b=$URI\n',
      note: 'The base image may set them.',
    },
    { good: 'FROM fedora:42\nARG V=$V\nLABEL a=$container\n' },
    { good: 'FROM app:1\nLABEL a=$VERSION\nONBUILD ENV VERSION=1\n' },
    { bad: 'FROM debian:13\nARG A\nCOPY --chown=«$U»:«$G» --chmod=«$M» --from=$X a /a\n' },
    { bad: 'FROM debian:13\nADD --chown=«$U» a /a\n' },
    { bad: 'FROM debian:13\nENV LONGNAME=1\nRUN ls\nWORKDIR /«$LONGNAMX»\n' },
    { bad: 'FROM debian:13\nENV SHORT=1\nWORKDIR /«$SHORX»\n' },
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
      for (const { name, at } of step.deferred ? [] : undefinedIn(step, model)) {
        const cause = causeOf(name, step, model, declared);
        if (!cause) continue;
        const key = `${step.stage.index} ${name}`;
        const isFixable = cause.isMissingArg && !offered.has(key);
        offered.add(key);
        const fix = isFixable && fixOf(name, step);
        yield { at, message: `${name} ${cause.message}, so it is empty`, help: cause.help, ...(fix ? { fix } : {}) };
      }
    }
  },
});

function fixOf(name: string, { instruction }: Step) {
  return { title: `Add ARG ${name} to the stage`, safe: false, edits: [insertBefore(instruction, `ARG ${name}\n`)] };
}

const alwaysSet: ReadonlySet<string> = new Set(['PATH', ...predefinedArgs]);

/** Variables that this file does not set before a step. */
function* undefinedIn(step: Step, { dockerfile }: SemanticModel): Generator<{ name: string; at: Span }> {
  const { env, instruction } = step;
  let own: ReadonlySet<string> | undefined;
  for (const word of wordsOf(step)) {
    const references = plainReferences(dockerfile.source.text, word);
    for (const name of references.size > 0 ? step.expand(word.raw).unmatched : []) {
      const at = references.get(name);
      own ??= ownNames(instruction);
      if (at && !alwaysSet.has(name) && !env.has(name) && !own.has(name)) yield { name, at };
    }
  }
}

/** What ARG sets, pair by pair; and what ENV sets, for which there is `env-self-reference`, unless it extends the value. */
function ownNames(instruction: Instruction): ReadonlySet<string> {
  if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') return new Set();
  const isArg = instruction.keyword === 'ARG';
  const pairs = instruction.pairs.filter(({ key, value }) => isArg || !value?.raw.includes(key.text));
  return new Set(pairs.map(({ key }) => key.text));
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

interface Cause {
  readonly message: string;
  readonly help: string;
  readonly isMissingArg?: boolean;
}

/** Names to compare with, and names to be guessed at, are not looked at beyond these. */
const maxNames = 200;
const maxGuesses = 100;

/** Why the variable is surely, or all but surely, not set; undefined when the base image may set it. */
function causeOf(name: string, step: Step, model: SemanticModel, declared: Declarations): Cause | undefined {
  const { stage } = step;
  if (model.globalArgs.get(name)?.kind === 'arg') {
    const message = 'is declared above the first FROM, and this stage does not take it over';
    return { message, help: `add ARG ${name} to the stage`, isMissingArg: true };
  }
  if (platformArgs.includes(name)) {
    const message = 'is known to a stage only with an ARG';
    return { message, help: `add ARG ${name} to the stage`, isMissingArg: true };
  }
  const last = declared.byStage.get(stage)?.get(name)?.index ?? -1;
  if (last > step.index && !isExtended(name, step)) {
    return { message: 'is set further below only', help: `move the ARG or ENV that sets ${name} up` };
  }
  const near = nearest(name, step, declared);
  const isMisspelt = near && name.length > 5 && Math.abs(near.length - name.length) < 2 && !isExtended(name, step);
  if (!isMisspelt && !cannotBeSet(name, step)) return undefined;
  return {
    message: 'is set nowhere',
    help: near ? `did you mean ${near}?` : 'set it with ARG or ENV, or write the value',
  };
}

/** A variable that is set at this place and written nearly the same. */
function nearest(name: string, { stage, env }: Step, { byStage, guesses }: Declarations): string | undefined {
  if (guesses.size >= maxGuesses && !guesses.has(name)) return undefined;
  guesses.add(name);
  const names = [...(byStage.get(stage)?.keys() ?? [])].slice(0, maxNames);
  return closest(
    name,
    names.filter((each) => env.has(each)),
  );
}

/** `ENV LIBS=$LIBS:/x` is written where the base image is known to set it. */
function isExtended(name: string, { instruction }: Step): boolean {
  return instruction.keyword === 'ENV' && instruction.pairs.some(({ key }) => key.text === name);
}

interface Declarations {
  /** Where the ARGs and ENVs of each stage stand: the last of each name. Those that extend their own value are left out. */
  readonly byStage: ReadonlyMap<Stage, ReadonlyMap<string, { readonly index: number }>>;
  /** Names whose spelling has been looked into. */
  readonly guesses: Set<string>;
}

function declarations({ stages }: SemanticModel): Declarations {
  const ofStage = ({ steps }: Stage) => {
    const byName = new Map<string, { index: number }>();
    for (const { instruction, deferred, index } of steps) {
      if (deferred || (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV')) continue;
      for (const { key, value } of instruction.pairs) {
        if (!value?.raw.includes(key.text)) byName.set(key.text, { index });
      }
    }
    return byName;
  };
  return { byStage: new Map(stages.map((stage) => [stage, ofStage(stage)])), guesses: new Set() };
}

/** Images with nothing but PATH, and the few variables of `distributionVariables`, in their configuration. */
const bare =
  /^(?:library\/(?:alpine|debian|ubuntu|busybox|fedora|centos|rockylinux|almalinux|amazonlinux|oraclelinux|archlinux)|opensuse\/(?:leap|tumbleweed))$/;
const distributionVariables = /^(?:container|FGC|DISTTAG|LANG)$/;

function cannotBeSet(name: string, { stage }: Step): boolean {
  const root = stage.root;
  if (root.kind === 'scratch') return true;
  if (root.kind !== 'image') return false;
  // No official image sets HOME; the runtime does, when a container starts.
  if (name === 'HOME') return root.image.repository.startsWith('library/');
  return bare.test(root.image.repository) && !distributionVariables.test(name);
}
