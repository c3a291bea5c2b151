import { DlintError } from '../errors.ts';
import type { Source, Span } from '../report/finding.ts';
import { lineStarts, positionAt } from '../report/position.ts';
import { type Expansion, expandVariables, type Variables } from './variables.ts';

/** A compose or bake file that is being read. */
export interface BuildFile {
  readonly source: Source;
  /** What paths in it are relative to. */
  readonly folder: string;
  readonly variables: Variables;
}

/** A text of a build file, variables filled in. */
export interface Said extends Expansion {
  readonly file: BuildFile;
  readonly span: Span;
}

export function said(file: BuildFile, raw: string, span: Span): Said {
  return { file, span, ...expandVariables(raw, file.variables) };
}

/** `FILE:LINE:COLUMN` */
function placeIn({ source }: BuildFile, at: number): string {
  const { line, column } = positionAt(lineStarts(source.text), at);
  return `${source.path}:${line}:${column}`;
}

export function buildFileError(file: BuildFile, at: number, message: string, hint?: string): DlintError {
  return new DlintError('E_CONFIG', message, { where: placeIn(file, at), ...(hint !== undefined && { hint }) });
}
