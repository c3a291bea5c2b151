import type { Render } from '../finding.ts';
import { renderLintHtml } from '../html/lint-html.ts';
import type { LintReport } from '../lint-report.ts';
import { renderAzure } from './azure.ts';
import { renderCheckstyle } from './checkstyle.ts';
import { renderCompact } from './compact.ts';
import { renderGithub } from './github.ts';
import { renderGitlab } from './gitlab.ts';
import { renderGnu } from './gnu.ts';
import { renderJsonLines } from './jsonl.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderRdjson, renderRdjsonl } from './rdjson.ts';
import { renderSarif } from './sarif.ts';
import { renderSonarqube } from './sonarqube.ts';

const formats = {
  compact: renderCompact,
  jsonl: renderJsonLines,
  sarif: renderSarif,
  github: renderGithub,
  gitlab: renderGitlab,
  azure: renderAzure,
  checkstyle: renderCheckstyle,
  junit: renderJunit,
  sonarqube: renderSonarqube,
  rdjson: renderRdjson,
  rdjsonl: renderRdjsonl,
  gnu: renderGnu,
  markdown: renderMarkdown,
  html: renderLintHtml,
} satisfies Readonly<Record<string, Render<LintReport>>>;

/** What other programs read, by the name of `--format`. Loaded only when one of them is asked for. */
export const lintFormats: Readonly<Record<keyof typeof formats, Render<LintReport>>> &
  Readonly<Record<string, Render<LintReport>>> = formats;
