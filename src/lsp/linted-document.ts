import {
  type CodeAction,
  CodeActionKind,
  type CompletionItem,
  type Diagnostic,
  type Hover,
  type Range,
} from 'vscode-languageserver';
import type { Rule } from '../lint/rule.ts';
import type { Finding, Source, Span } from '../report/finding.ts';
import { installedRulePage, rulePage } from '../rule-page.ts';
import type { Look } from './look.ts';
import { overlaps, Places, SEVERITIES, spanOf } from './ranges.ts';

/** A file as it is in an editor, and everything that is told of it. */
export class LintedDocument {
  readonly #source: Source;
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #look: Look;
  readonly #places: Places;

  /** @param rules all there are, by id and alias */
  constructor(source: Source, look: Look, rules: ReadonlyMap<string, Rule>) {
    this.#source = source;
    this.#look = look;
    this.#rules = rules;
    this.#places = new Places(source.text);
  }

  diagnostics(): Diagnostic[] {
    const problems = this.#look.problems.map(({ message, line, column }): Diagnostic => {
      const start = { line: line - 1, character: column - 1 };
      return { range: { start, end: start }, severity: 3, source: 'dlint', message };
    });
    return [...this.#look.findings.map((finding) => this.#diagnostic(finding)), ...problems];
  }

  /** Repairs of the findings in a range, comments that silence them, and the repair of all. */
  actions(uri: string, range: Range): CodeAction[] {
    const { text } = this.#source;
    const wanted = {
      start: this.#places.offset(range.start, text.length),
      end: this.#places.offset(range.end, text.length),
    };
    const here = this.#look.findings.filter((finding) => overlaps(spanOf(finding), wanted));
    const repairs = here.flatMap((finding) => this.#repair(uri, finding));
    const silences = [...new Map(here.map((finding) => [finding.rule, finding])).values()].flatMap((finding) =>
      this.#silence(uri, finding),
    );
    return [...repairs, ...silences, ...this.fixAll(uri)];
  }

  /** One edit of all safe repairs, or none when nothing can be repaired. */
  fixAll(uri: string): CodeAction[] {
    const { text } = this.#source;
    const after = this.#look.repaired();
    if (after === text) return [];
    const edits = this.#places.edits([{ span: { start: 0, end: text.length }, text: after }]);
    return [
      {
        title: 'dlint: repair all that is safe',
        kind: `${CodeActionKind.SourceFixAll}.dlint`,
        edit: { changes: { [uri]: edits } },
      },
    ];
  }

  /** What the findings at a place are about; in a comment, the rule that is named there. */
  hover(position: Range['start']): Hover | undefined {
    const { text } = this.#source;
    const offset = this.#places.offset(position, text.length);
    const named = this.#ruleNamedAt(offset);
    if (named) return { contents: markdown([explain(named.rule)]), range: this.#places.range(named.span) };
    const here = this.#look.findings.filter((finding) => overlaps(spanOf(finding), { start: offset, end: offset }));
    const texts = here.map(({ rule, message }) => {
      const known = this.#rules.get(rule);
      return known ? explain(known) : `**${rule}**: ${escaped(message)}`;
    });
    return texts.length > 0 ? { contents: markdown([...new Set(texts)]) } : undefined;
  }

  /** Rules, where a comment is about to name one. */
  completions(position: Range['start']): CompletionItem[] {
    const { text } = this.#source;
    const offset = this.#places.offset(position, text.length);
    const line = text.slice(this.#places.lineStart(offset), offset);
    const isOurs = /^\s*#\s*dlint-ignore(?:-stage|-file)?\s+(?:[^\s:#]*,\s*)*[\w/-]*$/.test(line);
    const isTheirs = /^\s*#\s*hadolint\s+(?:global\s+|stage\s+)?ignore\s*=\s*(?:[^\s#]*,\s*)*[\w-]*$/.test(line);
    if (!isOurs && !isTheirs) return [];
    const all = [...this.#rules].filter(([name, rule]) => (isOurs ? name === rule.id : /^(?:DL|SC)\d/.test(name)));
    return all.map(([label, { summary, why }]) => ({ label, kind: 20, detail: summary, documentation: why }));
  }

  #diagnostic(finding: Finding): Diagnostic {
    const { rule, severity, message, help } = finding;
    const text = help ? `${message}\n${help}` : message;
    const range = this.#places.range(spanOf(finding));
    const href = pageOf(rule);
    const page = href !== null && { codeDescription: { href } };
    return { range, severity: SEVERITIES[severity], source: 'dlint', code: rule, ...page, message: text };
  }

  #repair(uri: string, finding: Finding): CodeAction[] {
    const { fix } = finding;
    if (!fix) return [];
    const title = fix.safe ? fix.title : `${fix.title} (may change the image)`;
    const edit = { changes: { [uri]: this.#places.edits(fix.edits) } };
    const isPreferred = fix.safe && { isPreferred: true };
    const diagnostics = [this.#diagnostic(finding)];
    return [{ title, kind: CodeActionKind.QuickFix, diagnostics, edit, ...isPreferred }];
  }

  /** A comment above the instruction; there is no place for one inside. */
  #silence(uri: string, finding: Finding): CodeAction[] {
    const at = this.#look.instructionAt(spanOf(finding).start);
    if (at === undefined) return [];
    const start = this.#places.lineStart(at);
    const indent = this.#source.text.slice(start, at).match(/^[ \t]*/)?.[0] ?? '';
    const end = this.#source.text.includes('\r\n') ? '\r\n' : '\n';
    const edits = this.#places.edits([
      { span: { start, end: start }, text: `${indent}# dlint-ignore ${finding.rule}${end}` },
    ]);
    const title = `Ignore ${finding.rule} here`;
    return [{ title, kind: CodeActionKind.QuickFix, edit: { changes: { [uri]: edits } } }];
  }

  #ruleNamedAt(offset: number): { rule: Rule; span: Span } | undefined {
    const { text } = this.#source;
    const start = this.#places.lineStart(offset);
    const line = text.slice(start).split('\n', 1)[0] ?? '';
    if (!/^\s*#.*(?:ignore|skip)/.test(line)) return undefined;
    for (const { 0: word, index } of line.matchAll(/[\w/-]+/g)) {
      const span = { start: start + index, end: start + index + word.length };
      const rule = this.#rules.get(word);
      if (rule && span.start <= offset && offset <= span.end) return { rule, span };
    }
    return undefined;
  }
}

/** On the web where the package says so, else the one that is installed with this program. */
function pageOf(rule: string): string | null {
  return rulePage(rule) ?? installedRulePage(rule);
}

function explain({ id, aliases = [], summary, why }: Rule): string {
  const also = aliases.length > 0 ? ` (${aliases.join(', ')})` : '';
  return `**${id}**${also}: ${escaped(summary)}\n\n${escaped(why)}`;
}

function markdown(texts: readonly string[]): Hover['contents'] {
  return { kind: 'markdown', value: texts.join('\n\n---\n\n') };
}

function escaped(text: string): string {
  return text.replace(/[<>*_[\]\\]/g, '\\$&');
}
