import { type Expansion, expandWord } from '../expand.ts';
import type { Dockerfile, Pair } from '../syntax.ts';
import type { Environment, Expanded, Variable } from './model.ts';

/** Set by the builder in the scope of FROM; a stage gets them with `ARG`. Dockerfile reference, "Automatic platform ARGs". */
export const platformArgs: readonly string[] = [
  'BUILDPLATFORM',
  'BUILDOS',
  'BUILDOSVERSION',
  'BUILDARCH',
  'BUILDVARIANT',
  'TARGETPLATFORM',
  'TARGETOS',
  'TARGETOSVERSION',
  'TARGETARCH',
  'TARGETVARIANT',
  'TARGETSTAGE',
];

/** May be given to any build without an ARG. Dockerfile reference, "Predefined ARGs". */
export const predefinedArgs: readonly string[] = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'FTP_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
].flatMap((name) => [name, name.toLowerCase()]);

/** Where a word is expanded: its variables, and whether a base image may bring in more. */
export interface Scope {
  readonly env: Environment;
  /** True in a stage whose image has variables that this file does not show. */
  readonly isOpen: boolean;
  readonly escape: Dockerfile['escape'];
}

/** Expands a word. `text` is undefined when it depends on a variable that cannot be known. */
export function expandIn(
  scope: Scope,
  raw: string,
): { readonly text: string | undefined; readonly expansion: Expansion } {
  if (!/[$'"\\`]/.test(raw)) return { text: raw, expansion: { text: raw, matched: [], unmatched: [] } };
  const lookup = { get: (name: string): string | undefined => scope.env.get(name)?.value };
  const expansion = expandWord(raw, lookup, { escape: scope.escape });
  const isUnknown = expansion.unmatched.some((name) => scope.env.has(name) || scope.isOpen);
  return { text: expansion.error || isUnknown ? undefined : expansion.text, expansion };
}

/** The same for rules, who need not tell errors from unknowns. */
export function expandedIn(scope: Scope, raw: string): Expanded {
  const { text, expansion } = expandIn(scope, raw);
  return { unmatched: expansion.unmatched, ...(text === undefined ? {} : { text }) };
}

export function variable(kind: Variable['kind'], name: string, value: string | undefined, pair?: Pair): Variable {
  return { kind, name, ...(value === undefined ? {} : { value }), ...(pair ? { pair } : {}) };
}

/** The scope of FROM before any ARG. */
export function platformScope(buildArgs: ReadonlyMap<string, string>): Map<string, Variable> {
  return new Map(platformArgs.map((name) => [name, variable('platform', name, buildArgs.get(name))]));
}
