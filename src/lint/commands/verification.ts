import type { SemanticModel, Step } from '../semantic/model.ts';
import type { Command } from '../shell.ts';

const checksums = /^((sha(1|224|256|384|512)?|md5|b2|b3)sum|shasum|sha256|rhash|cksum|openssl|apksigner|jarsigner)$/;
const signatures = /^(gpg2?|gpgv|cosign|minisign|signify|signify-openbsd|rpmkeys|slsa-verifier|sigstore)$/;

/** Whether a command compares a file with a checksum or a signature. */
export function verifies({ name, words }: Command): boolean {
  const has = (pattern: RegExp): boolean => words.some(({ text }, i) => i > 0 && pattern.test(text));
  if (checksums.test(name)) return name !== 'openssl' || has(/^(dgst|sha\d+|md5|cms|smime)$/);
  if (signatures.test(name)) return name === 'gpgv' || has(/^(-V[a-z]*|--?verify(-\w+)?|verify(-\w+)?|--checksig|-K)$/);
  return name === 'rpm' && has(/^(-K|--checksig)$/);
}

const windowsChecks = /Get-FileHash|Get-AuthenticodeSignature|certutil|sha\d+sum|\bgpgv?\b|SHA256|ComputeHash/i;

/** Whether a script of PowerShell or cmd compares something, be it in an expression, which is not read. */
export function verifiesOnWindows({ script }: Step): boolean {
  const isWindows = script?.dialect === 'powershell' || script?.dialect === 'cmd';
  return isWindows && windowsChecks.test(script.text?.text ?? '');
}

/** More steps behind a download, it is about something else. */
const maxDistance = 5;

/** The steps whose downloads are compared with a checksum or a signature: there, or in a step soon after. */
export function verifiedSteps({ stages }: SemanticModel): ReadonlySet<Step> {
  const verified = new Set<Step>();
  for (const { steps } of stages) {
    let distance = maxDistance + 1;
    for (const step of steps.toReversed()) {
      const isCheck = step.instruction.keyword === 'RUN' && (step.commands.some(verifies) || verifiesOnWindows(step));
      distance = isCheck ? 0 : distance + 1;
      if (distance <= maxDistance) verified.add(step);
    }
  }
  return verified;
}
