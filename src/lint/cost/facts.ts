import type { SemanticModel, Stage, Step } from '../semantic/model.ts';
import { changesEveryBuild, variablesIn } from './arguments.ts';
import { type Input, inputsOf } from './inputs.ts';
import { needOf } from './needs.ts';
import { StageContents } from './stage-contents.ts';
import { isMoreVolatile, mostVolatile, type Volatility } from './volatility.ts';

/** What a step costs when it runs. */
export type Cost = 'metadata' | 'copy' | 'install' | 'compile';

/** A step as the builder's cache sees it. */
export interface LayerFacts {
  readonly inputs: readonly Input[];
  /** How often its own inputs change. */
  readonly volatility: Volatility;
  readonly cost: Cost;
  /** How often it runs again: whenever its own inputs change, or a step in front of it has run again. */
  readonly reruns: Volatility;
  /** The step that is to blame for `reruns`: itself or one in front of it. Absent for the base image. */
  readonly because?: Step;
}

/** Layer order as a model: the facts on every step of every stage. Steps behind ONBUILD belong to another build. */
export function layerFacts(model: SemanticModel): ReadonlyMap<Step, LayerFacts> {
  const contents = new StageContents();
  const facts = new Map<Step, LayerFacts>();
  const ends = new Map<Stage, Below>();
  for (const stage of model.stages) {
    let below = startOf(stage, model, ends);
    for (const step of stage.steps) {
      if (step.deferred) continue;
      const fact = factOf(step, below, contents);
      facts.set(step, fact);
      below = after(step, fact, below);
    }
    ends.set(stage, below);
  }
  return facts;
}

interface Rerun {
  readonly reruns: Volatility;
  readonly because?: Step;
}

/** What a step stands on: the layers, which all steps depend on, and the environment, which only RUN has. */
interface Below {
  readonly layers: Rerun;
  readonly environment: Rerun;
}

const steady: Rerun = { reruns: 'never' };

function startOf({ base, from }: Stage, { globalArgs }: SemanticModel, ends: ReadonlyMap<Stage, Below>): Below {
  const inherited = base.kind === 'stage' ? ends.get(base.stage) : undefined;
  if (inherited) return inherited;
  const isFresh = variablesIn(from.image?.raw ?? '').some((name) => {
    const pair = globalArgs.get(name)?.pair;
    return pair !== undefined && changesEveryBuild(pair);
  });
  return { layers: isFresh ? { reruns: 'every-build' } : steady, environment: steady };
}

function factOf(step: Step, { layers, environment }: Below, contents: StageContents): LayerFacts {
  const inputs = inputsOf(step, contents);
  const volatility = mostVolatile(inputs.map((input) => input.volatility));
  const candidates: Rerun[] = [{ reruns: volatility, because: step }];
  if (!isLinked(step)) candidates.unshift(layers);
  if (step.instruction.keyword === 'RUN') candidates.unshift(environment);
  const { reruns, because } = candidates.reduce((a, b) => (isMoreVolatile(b.reruns, a.reruns) ? b : a));
  const isTold = because !== undefined && reruns !== 'never';
  return { inputs, volatility, cost: costOf(step), reruns, ...(isTold ? { because } : {}) };
}

function after(step: Step, { reruns, volatility, because }: LayerFacts, { layers, environment }: Below): Below {
  switch (step.instruction.keyword) {
    case 'RUN':
    case 'COPY':
    case 'ADD': {
      const rerun: Rerun = because ? { reruns, because } : { reruns };
      // What stands on a linked copy stands on the layers below it as well.
      return { layers: isMoreVolatile(reruns, layers.reruns) ? rerun : layers, environment };
    }
    default:
      return isMoreVolatile(volatility, environment.reruns)
        ? { layers, environment: { reruns: volatility, because: step } }
        : { layers, environment };
  }
}

/** COPY --link makes a layer of its own, which is taken again whatever has changed below it. */
function isLinked({ instruction }: Step): boolean {
  return instruction.flags.some(({ name, value }) => name === 'link' && value !== 'false');
}

function costOf({ instruction, copy, commands }: Step): Cost {
  if (copy) return 'copy';
  if (instruction.keyword !== 'RUN') return 'metadata';
  const works = new Set(commands.map((command) => needOf(command)?.work));
  if (works.has('compile')) return 'compile';
  return works.has('install') || works.has('download') ? 'install' : 'copy';
}
