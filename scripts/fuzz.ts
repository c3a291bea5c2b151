/**
 * Damages images and package databases by chance and has every command read them: `npm run fuzz -- --count 10000
 * --seed 7`. Each must end with exit code 0, 1 or 2, within its time and memory; whatever else happens is printed with
 * the numbers that make it happen again (`--only NUMBER` runs that one alone). Exit code 1 when there was such a case.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CaseReply, CaseRequest } from './fuzz/child.ts';

/** Of processor time: no case is larger than a few megabytes. */
const MOST_CPU_MS = 2_000;
/** Of the clock, for what does not end. */
const MOST_WALL_MS = 30_000;
const HEAP_MIB = 384;

interface Finding {
  readonly number: number;
  readonly what: string;
  readonly detail: string;
}

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});
const seed = Number(values.seed);
const waiting = values.only ? [Number(values.only)] : Array.from({ length: Number(values.count) }, (_, i) => i);
const total = waiting.length;
const findings: Finding[] = [];
const outcomes = new Map<string, number>();
let slowest: CaseReply | undefined;
let peak = 0;

waiting.reverse();
await Promise.all(Array.from({ length: Math.min(Number(values.jobs), total) }, runLane));
report();
process.exitCode = findings.length > 0 ? 1 : 0;

/** One child at a time; one that died is followed by another. */
async function runLane(): Promise<void> {
  let child: ChildProcess | undefined;
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    child ??= fork(join(import.meta.dirname, 'fuzz/child.ts'), {
      execArgv: [...process.execArgv, `--max-old-space-size=${HEAP_MIB}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const reply = await ask(child, { seed, number });
    if (typeof reply === 'string') {
      note({ number, what: reply.slice(0, 60).split('\n')[0] as string, detail: reply });
      child.kill('SIGKILL');
      child = undefined;
    } else take(reply);
  }
  child?.disconnect();
}

/** What the case came to; a text when the child did not live to tell. */
function ask(child: ChildProcess, request: CaseRequest): Promise<CaseReply | string> {
  return new Promise((resolve) => {
    let complaint = '';
    const hear = (chunk: Buffer): void => {
      complaint = (complaint + chunk.toString()).slice(-4000);
    };
    const end = (result: CaseReply | string): void => {
      clearTimeout(timer);
      child.off('message', end);
      child.off('exit', onExit);
      child.stderr?.off('data', hear);
      resolve(result);
    };
    const onExit = (code: number | null, signal: string | null): void =>
      end(`the process ended with ${code ?? signal}\n${complaint}`);
    const timer = setTimeout(() => end(`no end within ${MOST_WALL_MS} ms`), MOST_WALL_MS);
    child.on('message', end);
    child.on('exit', onExit);
    child.stderr?.on('data', hear);
    child.send(request);
  });
}

function take(reply: CaseReply): void {
  const { number, outcome, cpuMs, rss, stack } = reply;
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (!slowest || cpuMs > slowest.cpuMs) slowest = reply;
  peak = Math.max(peak, rss);
  if (outcome === 'bug') note({ number, what: 'a bug', detail: stack ?? '' });
  else if (cpuMs > MOST_CPU_MS) note({ number, what: `${Math.round(cpuMs)} ms of processor time`, detail: outcome });
}

function note(finding: Finding): void {
  findings.push(finding);
  const lines = finding.detail.split('\n').map((line) => line.slice(0, 300));
  process.stderr.write(`case ${finding.number}, seed ${seed}: ${finding.what}\n${lines.join('\n')}\n`);
}

function report(): void {
  const counted = [...outcomes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([outcome, count]) => `${outcome}: ${count}`);
  const { cpuMs = 0, number } = slowest ?? {};
  process.stdout.write(
    `seed ${seed}, ${total} cases, ${findings.length} findings\n${counted.join('\n')}\n` +
      `slowest: case ${number}, ${Math.round(cpuMs)} ms; most memory: ${Math.round(peak / 1048576)} MiB\n`,
  );
}
