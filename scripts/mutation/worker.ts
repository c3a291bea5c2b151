/** Judges mutants: runs the examples and the cases of a rule on a changed source of it. */
import { runInThisContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { rules } from '../../rules/index.ts';
import type { Example, Rule } from '../../src/lint/rule.ts';
import * as api from '../../src/lint/rule.ts';
import { exampleTests } from '../../src/lint/testing.ts';
import { describeRule } from '../../src/rule-docs.ts';

export interface Task {
  readonly id: string;
  /** The rule's module, as CommonJS. */
  readonly code: string;
  /** test/rules/<id>.txt */
  readonly cases: readonly Example[];
  /** Milliseconds after which the mutant counts as noticed: it loops. */
  readonly limit: number;
}

export type Verdict = 'survived' | 'failed' | 'timeout';

parentPort?.on('message', (task: Task) => parentPort?.postMessage(judge(task)));

function judge({ id, code, cases, limit }: Task): Verdict {
  const rule = load(code);
  if (!rule) return 'failed';
  const others = rule.review ? rules.map((each) => (each.id === id ? rule : each)) : [];
  const run = () => {
    for (const test of exampleTests(rule, others)) test.run();
    for (const test of exampleTests({ ...rule, examples: cases }, others)) test.run();
    const original = rules.find((each) => each.id === id);
    // `npm run generated` notices: the page of a rule says how it repairs.
    if (original && describeRule(original).repair !== describeRule(rule).repair) throw new Error('another repair');
  };
  try {
    runLimited(run, limit);
    return 'survived';
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'timeout' : 'failed';
  }
}

/** Only a script can be given a time limit, and only globals reach it. */
function runLimited(run: () => void, limit: number): void {
  const shared = globalThis as { runExamples?: () => void };
  shared.runExamples = run;
  runInThisContext('runExamples()', { timeout: limit });
}

/** The rule of a changed source; undefined when it does not even load. */
function load(code: string): Rule | undefined {
  const module: { exports: { default?: Rule } } = { exports: {} };
  try {
    // Rules import one module only; test/architecture.test.ts sees to it.
    new Function('module', 'require', code)(module, () => api);
    return module.exports.default;
  } catch {
    return undefined;
  }
}
