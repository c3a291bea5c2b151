import { shellOf } from '../shell.ts';
import type { Instruction, Pairs } from '../syntax.ts';
import type { StageDraft, Working } from './draft.ts';
import type { Environment } from './model.ts';
import { resolveWorkdir } from './paths.ts';
import { variable } from './variables.ts';

/** What an instruction is carried out with. */
export interface EffectScope {
  readonly stage: StageDraft;
  readonly variables: Working['variables'];
  readonly globals: Pick<Environment, 'get'>;
  readonly buildArgs: ReadonlyMap<string, string>;
  /** Fills in the variables in force at the time of the call. */
  expand(raw: string): string | undefined;
}

/** Carries out what an instruction changes for those after it. */
export function applyEffect(instruction: Instruction, scope: EffectScope): void {
  const { stage } = scope;
  switch (instruction.keyword) {
    case 'ENV':
      setEnv(instruction, scope);
      return;
    case 'ARG':
      setArgs(instruction, scope);
      return;
    case 'USER': {
      const [word] = instruction.words;
      if (word) stage.user = scope.expand(word.raw) ?? word.text;
      return;
    }
    case 'WORKDIR':
      setWorkdir(instruction.words[0]?.raw, scope);
      return;
    case 'SHELL': {
      const words = instruction.words.map(({ text }) => text);
      if (words.length > 0) stage.shell = shellOf(words, true);
      return;
    }
  }
}

function setWorkdir(raw: string | undefined, { stage, expand }: EffectScope): void {
  const path = raw === undefined ? undefined : expand(raw);
  const workdir = path === undefined ? undefined : resolveWorkdir(stage.workdir, path);
  if (workdir === undefined) delete stage.workdir;
  else stage.workdir = workdir;
}

/** All values see the variables before the instruction (Dockerfile reference, "Environment replacement"). */
function setEnv({ pairs }: Pairs, { stage, variables, expand }: EffectScope): void {
  for (const pair of pairs) variables.set(variable('env', pair.key.text, expand(pair.value?.raw ?? ''), pair));
  stage.env = variables.now();
}

/** Pair by pair. ENV beats ARG; without a value of any kind, ARG leaves the one that an earlier stage has set. */
function setArgs({ pairs }: Pairs, { stage, variables, globals, buildArgs, expand }: EffectScope): void {
  for (const pair of pairs) {
    const name = pair.key.text;
    if (stage.env.get(name)?.kind === 'env') continue;
    const fallback = pair.value ? expand(pair.value.raw) : (globals.get(name)?.value ?? stage.env.get(name)?.value);
    variables.set(variable('arg', name, buildArgs.get(name) ?? fallback, pair));
    stage.env = variables.now();
  }
}
