import { resolve } from 'node:path';
import { DlintError } from './errors.ts';
import { writeFile } from './files.ts';
import type { Render } from './report/finding.ts';
import { didYouMean } from './suggest.ts';
import type { Terminal } from './terminal.ts';

/** One `--format NAME[=FILE]`. Without a file it goes to standard output. */
export interface Output {
  readonly format: string;
  readonly file?: string;
}

/**
 * @param formats the names there are; the first is what no `--format` means
 * @param flag the flag that they are values of
 * @throws DlintError E_USAGE
 */
export function readOutputs(
  values: readonly string[] | undefined,
  formats: readonly string[],
  flag = '--format',
): readonly Output[] {
  const outputs = (values ?? [formats[0] as string]).map((value) => readOutput(value, formats, flag));
  const printed = outputs.filter(({ file }) => file === undefined);
  if (printed.length > 1) {
    throw new DlintError('E_USAGE', 'two formats for standard output', {
      where: `${flag} ${printed.map(({ format }) => format).join(`, ${flag} `)}`,
      hint: `give all but one a file, e.g. ${flag} ${printed[1]?.format}=report.${printed[1]?.format}`,
    });
  }
  const files = outputs.flatMap(({ file }) => (file === undefined ? [] : [resolve(file)]));
  const twice = files.find((file, i) => files.indexOf(file) !== i);
  if (twice !== undefined) {
    throw new DlintError('E_USAGE', 'two formats for one file', { where: twice, hint: 'give each a file of its own' });
  }
  return outputs;
}

function readOutput(value: string, formats: readonly string[], flag: string): Output {
  const equals = value.indexOf('=');
  const format = equals < 0 ? value : value.slice(0, equals);
  const file = equals < 0 ? undefined : value.slice(equals + 1);
  if (!formats.includes(format)) {
    throw new DlintError('E_USAGE', `there is no format ${format === '' ? 'without a name' : format} here`, {
      where: `${flag} ${value}`,
      hint: didYouMean(format, formats) ?? `one of ${formats.join(', ')}`,
    });
  }
  if (file === '') {
    throw new DlintError('E_USAGE', 'a format with an empty file name', {
      where: `${flag} ${value}`,
      hint: `${flag} ${format}=FILE, or ${flag} ${format} for standard output`,
    });
  }
  return file === undefined || file === '-' ? { format } : { format, file };
}

/** Renders the report to every output. Files are plain text without colour, 100 columns wide. */
export function writeReport<R>(
  report: R,
  outputs: readonly Output[],
  renderers: Readonly<Record<string, Render<R>>>,
  terminal: Terminal,
): void {
  for (const { format, file } of outputs) {
    const render = renderers[format] as Render<R>;
    if (file === undefined) terminal.print(render(report, terminal.out));
    else writeFile(file, render(report, { color: false, width: 100 }));
  }
}
