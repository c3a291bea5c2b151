import type { DiffReport } from './diff-report.ts';
import { jsonText } from './json-text.ts';

/** `dlint-diff/1`: one change a line, pieces as they come. A section that was not asked for is null. */
export function* renderDiffJson(report: DiffReport): Generator<string> {
  const { tool, before, after, isSame, config, layers, packages, files } = report;
  yield `{"schema":"dlint-diff/1",\n"tool":${jsonText(tool)},\n"before":${jsonText(before)},\n"after":${jsonText(after)},\n`;
  yield `"same":${isSame},\n"config":${lines(config)},\n"layers":`;
  yield layers
    ? `{"shared":${layers.shared},"sharedBytes":${layers.sharedBytes},"steps":${lines(layers.steps)}}`
    : 'null';
  yield `,\n"packages":${lines(packages)},\n"files":`;
  if (!files) yield 'null';
  else {
    const { added, removed, changed, changes } = files;
    yield `{"added":${jsonText(added)},"removed":${jsonText(removed)},"changed":${jsonText(changed)},"changes":[`;
    let separator = '\n';
    for (const change of changes) {
      yield separator + jsonText(change);
      separator = ',\n';
    }
    yield ']}';
  }
  yield '}\n';
}

function lines(values: readonly unknown[] | null): string {
  return values === null ? 'null' : `[${values.map((value) => `\n${jsonText(value)}`).join(',')}]`;
}
