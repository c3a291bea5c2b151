/**
 * How much the examples and cases of the rules notice: changes every rule in many small ways, one at a time, and runs
 * them. A change that neither they notice nor the compiler has survived.
 *
 *     tsx scripts/mutation.ts [--list] [--least PERCENT] [--logic] [rule ...]
 *
 * `--list` shows the survivors. Changes are of logic (conditions, operators, statements) or of data (words of lists,
 * alternatives of patterns), which `--logic` leaves out; `--least` is for each of the two.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build, transform } from 'esbuild';
import { ruleCases } from '../test/support/rule-cases.ts';
import { refused } from './mutation/compiler.ts';
import { type Mutant, mutantsOf } from './mutation/mutants.ts';
import type { Task, Verdict } from './mutation/worker.ts';

const folder = new URL('../rules/', import.meta.url);

/** A loop that does not end takes this long, in milliseconds; the examples of the slowest rule take a tenth. */
const limit = 5000;

interface Judged {
  readonly rule: string;
  readonly source: string;
  readonly mutant: Mutant;
  readonly verdict: Verdict | 'refused';
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' }, logic: { type: 'boolean' }, least: { type: 'string', default: '0' } },
});

async function main(): Promise<void> {
  const judged = withRefused(await judgeAll(positionals.length > 0 ? positionals : ruleNames()));
  if (values.list) for (const each of judged) if (each.verdict === 'survived') console.log(describe(each));
  for (const row of summary(judged)) console.log(row);
  const scores = [judged.filter(isLogic), judged.filter((each) => !isLogic(each))].map(score);
  if (Math.min(...scores) >= Number(values.least)) return;
  console.error(`less than ${values.least} %`);
  process.exitCode = 1;
}

function ruleNames(): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'index.ts');
  return names.map((name) => name.slice(0, -3));
}

async function judgeAll(names: readonly string[]): Promise<readonly Judged[]> {
  const program = await bundle();
  const open = names.flatMap((rule) => {
    const source = readFileSync(new URL(`${rule}.ts`, folder), 'utf8');
    const all = mutantsOf(source).map((mutant) => ({ rule, source, mutant }));
    return values.logic ? all.filter(isLogic) : all;
  });
  const results: Judged[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    let judge = new Judge(program);
    for (let task = open[next++]; task; task = open[next++]) {
      const { rule, source, mutant } = task;
      const code = await compile(changed({ source, mutant }));
      // A mutant that does not compile is none.
      if (code === undefined) continue;
      const verdict = await judge.ask({ id: rule, code, cases: ruleCases(rule), limit });
      if (verdict === 'gone') judge = new Judge(program);
      // One that eats the memory has been noticed.
      results.push({ ...task, verdict: verdict === 'gone' ? 'timeout' : verdict });
    }
    await judge.end();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

function changed({ source, mutant: { start, end, text } }: Pick<Judged, 'source' | 'mutant'>): string {
  return source.slice(0, start) + text + source.slice(end);
}

/** Of those that the examples let pass, the compiler refuses some: `words[0]` without the question whether it is there. */
function withRefused(all: readonly Judged[]): readonly Judged[] {
  const survivors = all.filter(({ verdict }) => verdict === 'survived');
  const indexes = refused(survivors.map(changed));
  const found = new Set([...indexes].map((i) => survivors[i]));
  return all.map((each) => (found.has(each) ? { ...each, verdict: 'refused' } : each));
}

/** The worker with all it needs, as one script: threads of Node 20 do not load TypeScript. */
async function bundle(): Promise<string> {
  const worker = new URL('./mutation/worker.ts', import.meta.url);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(worker)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

async function compile(source: string): Promise<string | undefined> {
  try {
    return (await transform(source, { loader: 'ts', format: 'cjs', logLevel: 'silent' })).code;
  } catch {
    return undefined;
  }
}

/** One worker thread with bounded memory. */
class Judge {
  readonly #worker: Worker;

  constructor(program: string) {
    this.#worker = new Worker(program, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 1024 } });
  }

  /** `gone`: the worker has ended over it. */
  ask(task: Task): Promise<Verdict | 'gone'> {
    return new Promise((resolve) => {
      const settle = (verdict: Verdict | 'gone'): void => {
        this.#worker.off('message', settle).off('error', leave).off('exit', leave);
        resolve(verdict);
      };
      const leave = (): void => settle('gone');
      this.#worker.on('message', settle).on('error', leave).on('exit', leave);
      this.#worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

function score(all: readonly Judged[]): number {
  return all.length === 0 ? 100 : (100 * all.filter(({ verdict }) => verdict !== 'survived').length) / all.length;
}

function summary(all: readonly Judged[]): string[] {
  const byRule = new Map<string, Judged[]>();
  for (const each of all) byRule.set(each.rule, [...(byRule.get(each.rule) ?? []), each]);
  const rows = [...byRule].map(([rule, list]) => ({ rule, list })).sort((a, b) => score(a.list) - score(b.list));
  const sums = [
    line(
      'data',
      all.filter((each) => !isLogic(each)),
    ),
    line('logic', all.filter(isLogic)),
  ];
  return [...rows.map(({ rule, list }) => line(rule, list)), ...sums, line('all', all)];
}

function isLogic({ mutant }: { readonly mutant: Mutant }): boolean {
  return mutant.kind === 'logic';
}

function line(name: string, list: readonly Judged[]): string {
  const count = (wanted: Judged['verdict']): number => list.filter(({ verdict }) => verdict === wanted).length;
  const [survived, compiler] = [count('survived'), count('refused')];
  const examples = list.length - survived - compiler;
  return `${score(list).toFixed(1).padStart(5)} %  ${name}: ${list.length} changes, ${examples} noticed by examples, ${compiler} by the compiler, ${survived} by none`;
}

function describe({ rule, source, mutant: { start, end, text } }: Judged): string {
  const row = source.slice(0, start).split('\n').length;
  const from = source.lastIndexOf('\n', start) + 1;
  const to = source.indexOf('\n', start);
  const shown = `${source.slice(from, start)}⟦${source.slice(start, end)}→${text}⟧${source.slice(end, Math.max(end, to))}`;
  return `rules/${rule}.ts:${row}: ${shown.replace(/\s+/g, ' ').trim()}`;
}

await main();
