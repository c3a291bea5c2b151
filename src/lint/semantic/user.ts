import type { Word } from '../syntax.ts';
import type { ImageReference } from './image-reference.ts';
import type { Stage, StageBase, Step } from './model.ts';

/** The USER of a stage, its own or that of a stage it starts from. */
export interface StageUser {
  readonly step: Step;
  readonly word: Word;
  /** Variables filled in; `${x:-app}` counts as `app` where x is not known. */
  readonly text: string;
}

/** Who a container of this stage starts as, when the file says so. */
export function userOf(stage: Stage): StageUser | undefined {
  for (let at = stage; ; at = at.base.stage) {
    const step = at.steps.findLast(({ instruction, deferred }) => instruction.keyword === 'USER' && !deferred);
    const word = step?.instruction.keyword === 'USER' ? step.instruction.words[0] : undefined;
    if (step && word) return { step, word, text: withDefault(at.user ?? word.text) };
    if (at.base.kind !== 'stage') return undefined;
  }
}

function withDefault(user: string): string {
  return /^\$\{\w+:?-([^${}]*)\}/.exec(user)?.[1] ?? user;
}

/** `root`, `0`, `0:0`, `root:adm`. */
export function isRootUser(user: string): boolean {
  return /^(root|0+)(:|$)/.test(user);
}

const switching = /^(gosu|su-exec|setpriv|s6-setuidgid|setuidgid|chpst|runuser|su)$/;

/** Whether what starts gives up being root, or has a program at hand that is made for it (gosu, su-exec, s6-overlay). */
export function dropsRoot(stage: Stage): boolean {
  for (const keyword of ['ENTRYPOINT', 'CMD'] as const) {
    const commands = stage.start[keyword]?.commands ?? [];
    if (
      commands.some(({ name, wrappers }) =>
        [name, ...wrappers.map((each) => each.name)].some((each) => switching.test(each)),
      )
    ) {
      return true;
    }
  }
  for (let at: Stage | undefined = stage; at; at = at.base.kind === 'stage' ? at.base.stage : undefined) {
    if (at.steps.some(bringsSwitch)) return true;
  }
  return false;
}

function bringsSwitch({ instruction, commands, copy }: Step): boolean {
  const isSwitch = (text: string): boolean => /(^|[/_-])(gosu|su-exec|s6-overlay)/.test(text);
  if (copy)
    return [...copy.sources.map(({ word }) => word), ...(copy.target ? [copy.target] : [])].some(({ text }) =>
      isSwitch(text),
    );
  return instruction.keyword === 'RUN' && commands.some(({ words }) => words.some(({ text }) => isSwitch(text)));
}

/** Official images that have no USER and do not change it when they start. Servers that drop root on their own are not among them. */
const rootImages = new Set(
  [
    'debian ubuntu alpine fedora centos rockylinux almalinux amazonlinux oraclelinux photon archlinux busybox clearlinux',
    'buildpack-deps python node golang ruby php rust perl gcc openjdk eclipse-temurin amazoncorretto ibmjava sapmachine',
    'maven gradle erlang elixir haskell swift julia r-base clojure dart bash pypy mono tomcat swipl',
  ]
    .join(' ')
    .split(' '),
);

/** Whether a container of this base is surely root when the Dockerfile says nothing. */
export function startsAsRoot(stage: Stage): boolean {
  const base: StageBase = stage.root;
  if (base.kind === 'image' && base.facts) return /^(?:root|0)?(?::|$)/.test(base.facts.user);
  return base.kind === 'scratch' || (base.kind === 'image' && isRootImage(base.image));
}

function isRootImage({ registry, repository, tag = '' }: ImageReference): boolean {
  if (registry === 'docker.io')
    return repository.startsWith('library/') && rootImages.has(repository.slice('library/'.length));
  if (registry === 'gcr.io') return repository.startsWith('distroless/') && !tag.includes('nonroot');
  if (registry === 'mcr.microsoft.com')
    return /^dotnet\/(aspnet|runtime|runtime-deps|sdk)$/.test(repository) && !/chiseled|distroless/.test(tag);
  return false;
}
