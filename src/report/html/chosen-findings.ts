import type { Finding } from '../finding.ts';
import { type LintReport, severities } from '../lint-report.ts';

/** More than a browser opens at once is of no use to anybody. */
const MOST = 20_000;

/** The findings that a page can hold: all, or the most serious. */
export function chooseFindings({ files }: LintReport, most = MOST): { chosen: ReadonlySet<Finding>; omitted: number } {
  const all = files.flatMap(({ findings }) => findings);
  if (all.length <= most) return { chosen: new Set(all), omitted: 0 };
  const worst = severities.flatMap((severity) => all.filter((finding) => finding.severity === severity));
  return { chosen: new Set(worst.slice(0, most)), omitted: all.length - most };
}
