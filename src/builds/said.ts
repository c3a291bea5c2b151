import { DlintError } from '../errors.ts';
import type { Source, Span } from '../report/finding.ts';
import { lineStarts, positionAt } from '../report/position.ts';
import { expandVariables, type Variables } from './variables.ts';

/** A compose or bake file that is being read. */
export interface BuildFile {
  readonly source: Source;
  /** What paths in it are relative to. */
  readonly folder: string;
  readonly variables: Variables;
}

/** A text of a build file, variables filled in. */
export interface Said {
  /** Absent when it hangs on what is not known here. */
  readonly text?: string;
  /** Why there is no text: `TAG is not set`. */
  readonly unknown?: string;
  readonly hint?: string;
  /** Several builds inherit it. */
  readonly isShared?: boolean;
  readonly file: BuildFile;
  readonly span: Span;
}

/** A text of a compose file. */
export function said(file: BuildFile, raw: string, span: Span): Said {
  const { text, missing } = expandVariables(raw, file.variables);
  if (text !== undefined) return { file, span, text };
  const hint = `set it in the environment or in .env, or give a default: \${${missing}:-value}; a dollar itself is $$`;
  return { file, span, unknown: `${missing} is not set`, hint };
}

/** @throws DlintError E_CONFIG when it is not known */
export function knownText(value: Said): string {
  if (value.text !== undefined) return value.text;
  throw buildFileError(value.file, value.span.start, value.unknown ?? 'it is not known', value.hint);
}

/** `FILE:LINE:COLUMN` */
function placeIn({ source }: BuildFile, at: number): string {
  const { line, column } = positionAt(lineStarts(source.text), at);
  return `${source.path}:${line}:${column}`;
}

/** E_CONFIG at an offset of a compose or bake file. */
export function buildFileError(file: BuildFile, at: number, message: string, hint?: string): DlintError {
  return new DlintError('E_CONFIG', message, { where: placeIn(file, at), ...(hint !== undefined && { hint }) });
}
