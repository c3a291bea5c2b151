import { type LateInstall, lateInstalls } from '../cost/late-installs.ts';
import type { Command, Script, Shell } from '../shell.ts';
import type { Dockerfile, Instruction, Onbuild } from '../syntax.ts';
import type {
  BuildContext,
  BuildRequest,
  CopyFacts,
  Environment,
  Expanded,
  ImageUse,
  SemanticModel,
  Stage,
  Step,
  StepCommand,
} from './model.ts';
import type { Mount } from './mounts.ts';

// Classes, because of what is read on first use: a getter in an object literal gives every object a shape of its own,
// and then all reading of steps and models by a hundred rules is slow.

const noCommands: readonly Command[] = [];

/** A step while the model is made, and afterwards. */
export class StepFacts implements Step {
  readonly stage: Stage;
  readonly index: number;
  readonly instruction: Instruction;
  declare onbuild?: Onbuild;
  readonly deferred: boolean;
  readonly env: Environment;
  declare user?: string;
  declare workdir?: string;
  readonly shell: Shell;
  readonly mounts: readonly Mount[];
  declare copy?: CopyFacts;
  readonly expand: (raw: string) => Expanded;
  #readScript: (() => Script | undefined) | undefined;
  #script: Script | undefined;

  /** `readScript` is called when somebody asks for the script, once. */
  constructor(
    { stage, index, instruction, deferred, env, shell, mounts, expand }: StepFields,
    readScript: () => Script | undefined,
  ) {
    this.stage = stage;
    this.index = index;
    this.instruction = instruction;
    this.deferred = deferred;
    this.env = env;
    this.shell = shell;
    this.mounts = mounts;
    this.expand = expand;
    this.#readScript = readScript;
  }

  get script(): Script | undefined {
    const read = this.#readScript;
    if (read) {
      this.#readScript = undefined;
      this.#script = read();
    }
    return this.#script;
  }

  get commands(): readonly Command[] {
    return this.script?.commands ?? noCommands;
  }
}

type StepFields = Pick<Step, 'stage' | 'index' | 'instruction' | 'deferred' | 'env' | 'shell' | 'mounts' | 'expand'>;

type ModelFields = Omit<SemanticModel, 'commands' | 'allCommands' | 'lateInstalls' | 'steps'>;

export class FileFacts implements SemanticModel {
  readonly dockerfile: Dockerfile;
  readonly stages: readonly Stage[];
  readonly finalStage: Stage | undefined;
  readonly steps: readonly Step[];
  readonly globalArgs: Environment;
  readonly preamble: readonly Instruction[];
  readonly images: readonly ImageUse[];
  declare readonly context?: BuildContext;
  declare readonly build?: BuildRequest;
  #commands: readonly StepCommand[] | undefined;
  #allCommands: readonly StepCommand[] | undefined;
  #lateInstalls: readonly LateInstall[] | undefined;

  constructor({ dockerfile, stages, finalStage, globalArgs, preamble, images, context, build }: ModelFields) {
    this.dockerfile = dockerfile;
    this.stages = stages;
    this.finalStage = finalStage;
    this.steps = stages.flatMap(({ steps }) => steps);
    this.globalArgs = globalArgs;
    this.preamble = preamble;
    this.images = images;
    if (context) this.context = context;
    if (build) this.build = build;
  }

  get commands(): readonly StepCommand[] {
    this.#commands ??= this.steps.flatMap(runCommands);
    return this.#commands;
  }

  get allCommands(): readonly StepCommand[] {
    this.#allCommands ??= this.steps.flatMap(anyCommands);
    return this.#allCommands;
  }

  get lateInstalls(): readonly LateInstall[] {
    this.#lateInstalls ??= [...lateInstalls(this.stages)];
    return this.#lateInstalls;
  }
}

function runCommands(step: Step): StepCommand[] {
  if (step.instruction.keyword !== 'RUN') return [];
  return step.commands.map((command) => ({ command, step }));
}

function anyCommands(step: Step): StepCommand[] {
  if (step.instruction.keyword !== 'RUN') return [];
  const windows = step.script?.windows ?? noCommands;
  return (windows.length > 0 ? windows : step.commands).map((command) => ({ command, step }));
}
