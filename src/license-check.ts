import { join } from 'node:path';
import { DlintError } from './errors.ts';
import { type FailOn, findingFormats } from './flags/common.ts';
import type { InvocationOf } from './flags.ts';
import { type Output, readOutputs, writeReport } from './output.ts';
import type { Render } from './report/finding.ts';
import {
  type LicenseReport,
  licensesAsLintReport,
  type PackageFinding,
  renderLicenseJson,
  renderLicenseText,
} from './report/license-report.ts';
import { type LintReport, severities } from './report/lint-report.ts';
import { checkLicenses, isLicensePattern, type LicenseFinding, type LicensePolicy } from './sbom/license-policy.ts';
import type { Sbom } from './sbom/sbom.ts';
import type { Terminal } from './terminal.ts';
import { version as toolVersion } from './version.ts';

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
export async function checkLicensesOf(
  sbom: Sbom,
  policy: LicensePolicy,
  { args, flags }: InvocationOf<'sbom'>,
  terminal: Terminal,
): Promise<0 | 1> {
  const report = licenseReport(sbom, policy, args[0] as string);
  const outputs = licenseOutputs(flags);
  if (outputs) writeReport(report, outputs, await renderersOf(outputs), terminal);
  else for (const line of renderLicenseText(report, terminal.err)) terminal.warn(line);
  const level = (flags['fail-on'] ?? 'warning') as FailOn;
  if (level === 'never') return 0;
  const failing = severities.slice(0, severities.indexOf(level) + 1);
  return report.findings.some(({ severity }) => failing.includes(severity)) ? 1 : 0;
}

/** Where findings are written to; undefined: to standard error, for people. Errors: `E_USAGE`. */
export function licenseOutputs({ 'license-report': values }: SbomFlags): readonly Output[] | undefined {
  return values && readOutputs(values, findingFormats, '--license-report');
}

const OWN: ReadonlySet<string> = new Set(['text', 'json']);

/** The formats of the linter are loaded only when one is asked for. */
async function renderersOf(outputs: readonly Output[]): Promise<Readonly<Record<string, Render<LicenseReport>>>> {
  const own = { text: renderLicenseText, json: renderLicenseJson };
  if (outputs.every(({ format }) => OWN.has(format))) return own;
  const { lintFormats } = await import('./report/lint-formats/lint-formats.ts');
  const others = Object.entries(lintFormats).map(([name, render]): [string, Render<LicenseReport>] => [
    name,
    (report, style) => (render as Render<LintReport>)(licensesAsLintReport(report), style),
  ]);
  return { ...Object.fromEntries(others), ...own };
}

function licenseReport({ packages, subject, dockerfile }: Sbom, policy: LicensePolicy, input: string): LicenseReport {
  const findings = checkLicenses(packages, policy).map((finding): PackageFinding => {
    const { rule, license } = finding;
    const { purl, name, version, layer, occurrences } = finding.package;
    const [path = ''] = occurrences;
    const isHere = subject.kind === 'directory';
    const layerIndex = layer?.index ?? null;
    return {
      rule,
      severity: severityOf(finding, policy),
      purl,
      name,
      version,
      license,
      location: {
        path: isHere ? join(subject.path, path).replaceAll('\\', '/') : path,
        isHere,
        layer: layer?.diffId ?? null,
        layerIndex,
        line: dockerfile?.lines.get(layerIndex ?? 0)?.line ?? null,
      },
    };
  });
  return {
    tool: { name: 'dlint', version: toolVersion },
    input,
    policy: { allow: policy.allow ?? null, deny: policy.deny ?? [] },
    packages: packages.length,
    findings,
    ...(dockerfile && { dockerfile: { path: dockerfile.path, text: dockerfile.text } }),
  };
}

/** Where only some licences are allowed, one that is not known is not among them. */
function severityOf({ rule }: LicenseFinding, { allow }: LicensePolicy): 'error' | 'warning' | 'info' {
  if (rule === 'license-denied') return 'error';
  return allow ? 'warning' : 'info';
}
