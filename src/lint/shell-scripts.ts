import type { Source } from '../report/finding.ts';
import { entrypointOf } from './commands/exec-form.ts';
import { type System, systemOf } from './semantic/system.ts';
import { platformArgs, predefinedArgs } from './semantic/variables.ts';
import type { SemanticModel, Step } from './semantic.ts';
import { dialectOf, programName, shebang } from './shell/dialect.ts';
import { gather, joined, plain } from './shell/quotes.ts';
import { bodyText, type HandedScript, handedByStart, isBodyAlone, shellInputs } from './shell.ts';
import type { Folded, Heredoc, Instruction, Run } from './syntax.ts';

/** A script of an instruction in the form of a file of its own, for a program that checks shell scripts. */
export interface ShellScript {
  /** `#!/bin/sh` with the shell's `-e` where it has one, then the script; a script with a `#!` of its own is left as it is. */
  readonly text: string;
  /** UTF-16 units of `text` before the script. */
  readonly head: number;
  /** The script, with the way back to the Dockerfile. */
  readonly script: Folded;
  /** How the Dockerfile has it: as it is, or quoted in one way or the other. */
  readonly quoting: HandedScript['quoting'] | 'none';
  readonly source: Source;
  /** It runs in the ash of BusyBox, which knows more than the plain sh it is checked as. */
  readonly isAsh: boolean;
  /** Variables that the build has set and exported when the script runs. */
  isExported(name: string): boolean;
  /** Variables that the script may find set: those exported, for a container whatever `docker run -e` says. */
  isSet(name: string): boolean;
  /** Variables that hold one plain word whatever the build: TARGETARCH and the like, where the script does not set them. */
  isPlain(name: string): boolean;
}

/** No program checks in bounded time what is longer than this (UTF-16 units). */
export const maxScript = 100_000;

/**
 * The scripts of all RUNs, CMDs, ENTRYPOINTs and HEALTHCHECKs, also behind ONBUILD, that a POSIX-like shell runs: shell
 * forms, heredocs, and what `sh -c` gets. Other interpreters' are left out.
 */
export function shellScripts({ steps, dockerfile }: SemanticModel): readonly ShellScript[] {
  const { source } = dockerfile;
  const deferred = new Set<string>();
  return steps.flatMap((step) => {
    const { instruction } = step;
    if (step.deferred && (instruction.keyword === 'ARG' || instruction.keyword === 'ENV')) {
      for (const { key } of instruction.pairs) deferred.add(key.text);
    }
    if (!isRun(instruction) || instruction.keyword === 'SHELL') return [];
    const isExported = exportedTo(step, deferred);
    const isStart = instruction.keyword !== 'RUN';
    return scriptsOf(step, instruction, source)
      .filter(({ script }) => script.text.trim() !== '')
      .map((script): ShellScript => {
        const isSet = (name: string): boolean => isStart || isExported(name) || script.inherits(name);
        const isPlain = (name: string): boolean =>
          platformArgs.includes(name) && step.env.has(name) && !script.script.text.includes(`${name}=`);
        return { ...script, source, isExported, isSet, isPlain };
      });
  });
}

function isRun(instruction: Instruction): instruction is Run {
  return /^(RUN|CMD|ENTRYPOINT|HEALTHCHECK|SHELL)$/.test(instruction.keyword);
}

/** `deferred` are variables of ONBUILDs of this file. They grow while the file is read; more is only more lenient. */
function exportedTo(step: Step, deferred: ReadonlySet<string>): (name: string) => boolean {
  const secrets = step.mounts.flatMap(({ env }) => env ?? []);
  return (name) =>
    step.env.has(name) ||
    secrets.includes(name) ||
    predefinedArgs.includes(name) ||
    (step.deferred && deferred.has(name));
}

type Script = Pick<ShellScript, 'text' | 'head' | 'script' | 'quoting' | 'isAsh'> & {
  /** Variables of a script around it. */
  inherits(name: string): boolean;
};

function scriptsOf(step: Step, run: Run, source: Source): readonly Script[] {
  const sh = shOf(systemOf(step.stage.root));
  const own = ownScripts(step, run, source.text, sh).map((each) => ({
    ...each,
    quoting: 'none' as const,
    inherits: never,
  }));
  const around = run.script?.text ?? '';
  const inherits = (name: string): boolean => new RegExp(`(^|[^\\w$\\{])${name}\\b`).test(around);
  const handed = [...(step.script?.handed ?? []), ...ofEntrypoint(step, run, source)].flatMap(
    ({ text, program, errexit, quoting }) =>
      withHead(text, program === 'sh' ? sh : program, errexit).map((each) => ({ ...each, quoting, inherits })),
  );
  return [...own, ...handed];
}

/** `ENTRYPOINT ["sh", "-c"]` with `CMD ["script"]`. */
function ofEntrypoint(step: Step, cmd: Run, source: Source): readonly HandedScript[] {
  const entrypoint = entrypointOf(step)?.instruction;
  if (cmd.form !== 'exec' || !entrypoint || !isRun(entrypoint) || entrypoint.form !== 'exec') return [];
  const script = handedByStart(entrypoint, cmd, source);
  return script ? [script] : [];
}

function never(): boolean {
  return false;
}

type Own = Omit<Script, 'quoting' | 'inherits'>;

/** The shell form, and the heredocs that shells read. */
function ownScripts(step: Step, run: Run, source: string, sh: string): readonly Own[] {
  const { shell } = step;
  if (run.form === 'exec' || shell.dialect === 'cmd' || shell.dialect === 'powershell' || !run.script) return [];
  const named = programName(shell.words.find((word) => dialectOf(word)) ?? '');
  const program = named === 'sh' ? sh : named;
  const [first] = run.heredocs;
  if (first && isBodyAlone(run)) return withHead(bodyText(first, source), program, shell.errexit);
  const inputs = shellInputs(step.commands, run.heredocs).filter(({ heredoc }) => isLiteral(heredoc, source));
  return [
    ...withHead(withBodies(run.script, run.heredocs, source), program, shell.errexit),
    ...inputs.flatMap(({ heredoc, program: name, options }) =>
      withHead(bodyText(heredoc, source), name === 'sh' ? sh : name, options.errexit),
    ),
  ];
}

/** The program behind `/bin/sh`, where the image leaves no doubt. */
function shOf(system: System | undefined): string {
  switch (system) {
    case 'alpine':
      return 'ash';
    case 'debian':
      return 'dash';
    case 'redhat':
      return 'bash';
    default:
      return 'sh';
  }
}

/** As what ShellCheck reads the scripts of a shell, by program. */
const dialects: ReadonlyMap<string, string> = new Map([
  ['sh', 'sh'],
  ['bash', 'bash'],
  ['rbash', 'bash'],
  ['dash', 'dash'],
  // Not dash: the echo of BusyBox takes backslashes as they are, which ShellCheck warns of in sh alone.
  ['ash', 'sh'],
  ['busybox', 'sh'],
  ['ksh', 'ksh'],
]);

function withHead(script: Folded, program: string, errexit: boolean): readonly Own[] {
  const own = shebang(script.text);
  if (own) {
    const interpreter = programName(own[0] ?? '');
    return dialects.has(interpreter) ? [{ text: script.text, head: 0, script, isAsh: isAsh(interpreter) }] : [];
  }
  const dialect = dialects.get(program);
  if (dialect === undefined) return [];
  const head = `#!/bin/${dialect}${errexit ? ' -e' : ''}\n`;
  return [{ text: head + script.text, head: head.length, script, isAsh: isAsh(program) }];
}

function isAsh(program: string): boolean {
  return program === 'ash' || program === 'busybox';
}

/** The command line and then, as the shell gets them, the bodies of its heredocs with their ends. */
function withBodies(script: Folded, heredocs: readonly Heredoc[], source: string): Folded {
  const [first] = heredocs;
  const last = heredocs.at(-1);
  if (!first || !last || source[first.body.start - 1] !== '\n') return script;
  const start = first.body.start - 1;
  const raw = plain(source.slice(start, last.terminator?.end ?? last.body.end), start);
  return joined(script, withoutReturns(raw));
}

function withoutReturns(text: Folded): Folded {
  const ranges: [number, number][] = [];
  let from = 0;
  for (const { index } of text.text.matchAll(/\r(?=\n|$)/g)) {
    ranges.push([from, index]);
    from = index + 1;
  }
  return gather(text, [...ranges, [from, text.text.length]]);
}

/** Whether the outer shell hands the body on as it is written. */
function isLiteral({ expand, body }: Heredoc, source: string): boolean {
  return !expand || !/[$`\\]/.test(source.slice(body.start, body.end));
}
