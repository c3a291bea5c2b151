import { DlintError } from './errors.ts';
import type { FailOn, InvocationOf } from './flags.ts';
import { severities } from './report/lint-report.ts';
import { severityPaint } from './report/lint-text.ts';
import { painter, visible } from './report/style.ts';
import { checkLicenses, isLicensePattern, type LicenseFinding, type LicensePolicy } from './sbom/license-policy.ts';
import type { Sbom } from './sbom/sbom.ts';
import type { Terminal } from './terminal.ts';

type SbomFlags = InvocationOf<'sbom'>['flags'];

/** What flags say, else what the configuration says of licences; undefined where neither says anything. */
export async function licensePolicyOf(flags: SbomFlags): Promise<LicensePolicy | undefined> {
  const { 'allow-license': allow, 'deny-license': deny } = flags;
  const isFlag = allow !== undefined || deny !== undefined;
  const policy = isFlag ? { ...(allow && { allow }), ...(deny && { deny }) } : await configured(flags);
  for (const pattern of [...(policy.allow ?? []), ...(policy.deny ?? [])]) {
    if (isLicensePattern(pattern)) continue;
    throw new DlintError(isFlag ? 'E_USAGE' : 'E_CONFIG', `"${pattern}" is no licence`, {
      where: isFlag ? `--${allow?.includes(pattern) ? 'allow' : 'deny'}-license ${pattern}` : 'licenses',
      hint: 'an SPDX id such as Apache-2.0, several of them with * such as GPL-*, or one WITH an exception',
    });
  }
  return policy.allow || policy.deny ? policy : undefined;
}

async function configured(flags: SbomFlags): Promise<LicensePolicy> {
  if (flags['no-config']) return {};
  const { licensesFor } = await import('./config/image-policy-for.ts');
  return await licensesFor({ ...(flags.config !== undefined && { file: flags.config }) });
}

/** Tells which packages the policy does not take. 1 when one of them is at or above `--fail-on`. */
export function checkLicensesOf(sbom: Sbom, policy: LicensePolicy, flags: SbomFlags, terminal: Terminal): 0 | 1 {
  const findings = checkLicenses(sbom.packages, policy);
  const paint = painter(terminal.err.color);
  for (const finding of findings) {
    const severity = severityOf(finding, policy);
    const { purl, layer, occurrences } = finding.package;
    const place = layer ? `layer ${layer.index}` : `/${occurrences[0] ?? ''}`;
    const license = finding.license ?? 'no licence is stated';
    terminal.warn(
      `${paint(severity, severityPaint[severity], 'bold')}  ${paint(finding.rule, 'bold')}  ${visible(purl)}: ${visible(license).replace(/\s+/g, ' ').slice(0, 200)} (${visible(place)})\n`,
    );
  }
  const level = (flags['fail-on'] ?? 'warning') as FailOn;
  if (level === 'never') return 0;
  const failing = severities.slice(0, severities.indexOf(level) + 1);
  return findings.some((one) => failing.includes(severityOf(one, policy))) ? 1 : 0;
}

/** Where only some licences are allowed, one that is not known is not among them. */
function severityOf({ rule }: LicenseFinding, { allow }: LicensePolicy): 'error' | 'warning' | 'info' {
  if (rule === 'license-denied') return 'error';
  return allow ? 'warning' : 'info';
}
