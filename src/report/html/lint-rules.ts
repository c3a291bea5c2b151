import type { Finding } from '../finding.ts';
import { type LintReport, type RuleFacts, severities } from '../lint-report.ts';
import { counted } from '../units.ts';
import { escapeText } from './markup.ts';

/** The rules that found something, the most serious first, with their reasons and where to read on. */
export function* renderRules({ files, rules }: LintReport): Generator<string> {
  const found = new Map<string, { readonly first: Finding; times: number }>();
  for (const finding of files.flatMap(({ findings }) => findings)) {
    const known = found.get(finding.rule);
    if (known) known.times++;
    else found.set(finding.rule, { first: finding, times: 1 });
  }
  if (found.size === 0) return;
  const rank = ({ first }: { first: Finding }) => severities.indexOf(first.severity);
  const sorted = [...found.values()].sort((a, b) => rank(a) - rank(b) || b.times - a.times);
  yield `<section id="rules"><div class="section-head"><h2>Rules</h2><span class="muted">${counted(sorted.length, 'rule')} that found something</span></div>\n`;
  for (const { first, times } of sorted) yield renderRule(first, times, rules.get(first.rule));
  yield '</section>\n';
}

function renderRule(
  { rule, aliases, category, severity }: Finding,
  times: number,
  known: RuleFacts | undefined,
): string {
  const facts = [...aliases, category, counted(times, 'finding')].map(escapeText).join(' · ');
  return [
    `<div class="rule-text" id="rule-${escapeText(rule)}"><div class="head"><strong class="${severity}">${severity}</strong>`,
    `<b>${escapeText(rule)}</b><span class="muted">${facts}</span></div>`,
    `<div class="reason">${reasonOf(known)}<p class="muted">${readOn(rule, known?.url ?? null)}</p></div></div>\n`,
  ].join('');
}

function reasonOf(known: RuleFacts | undefined): string {
  const { summary = '', why = '' } = known ?? {};
  const title = summary === '' ? '' : `<p><strong>${escapeText(capital(summary))}.</strong></p>`;
  return `${title}${why === '' ? '' : `<p>${escapeText(why.replace(/\s+/g, ' ').trim())}</p>`}`;
}

/** Its page where there is one; the command that prints it in any case. */
function readOn(rule: string, url: string | null): string {
  const page =
    url !== null && /^https?:\/\//i.test(url)
      ? `<a href="${escapeText(url)}" rel="noreferrer noopener">${escapeText(url)}</a>`
      : '';
  const command = /^SC\d+$/.test(rule) ? '' : `<code>dlint explain ${escapeText(rule)}</code>`;
  return [page, command].filter((part) => part !== '').join(' · ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
