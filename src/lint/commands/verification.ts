import type { Step } from '../semantic/model.ts';
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

/** Whether the step or a later one of its stage compares something with a checksum or a signature. */
export function isVerified(step: Step, command: Command): boolean {
  const own = step.commands;
  if (own.some((each) => verifies(each) && each !== command)) return true;
  return step.stage.steps.slice(step.index + 1, step.index + 1 + maxSteps).some(({ instruction, commands }) => {
    return instruction.keyword === 'RUN' && commands.some(verifies);
  });
}

/** So many steps later, it is about something else. */
const maxSteps = 5;
