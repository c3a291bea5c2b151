/**
 * Hides secrets in what an image says about itself (environment, history, labels), so that reports never print one.
 */
import { holdsSecret } from '../report/secret-names.ts';
import { MASK, maskText } from '../report/secrets.ts';

/** What builders write before variables without quotes, where a value with spaces ends only at the next name. */
const BEFORE_VARIABLES = /^(?:(?:RUN\s{1,8})?\|\d{1,6}\s|(?:\/[\w./-]{1,64}sh -c #\(nop\)\s{1,8})?(?:ENV|ARG|LABEL)\s)/;
const COMMAND_AFTER_ARGUMENTS = /\s\/[\w./-]{0,256}sh\s/;
const BUILDKIT = ' # buildkit';

/** Hides secrets in a `created_by` of the history, as builders write it. */
export function maskCreatedBy(createdBy: string): string {
  const before = BEFORE_VARIABLES.exec(createdBy)?.[0];
  if (before === undefined) return maskText(createdBy);
  const text = createdBy.endsWith(BUILDKIT) ? createdBy.slice(0, -BUILDKIT.length) : createdBy;
  const command = before.includes('|') ? COMMAND_AFTER_ARGUMENTS.exec(text)?.index : undefined;
  const variables = text.slice(before.length, command);
  const masked = variables
    .split(/\s(?=[A-Za-z_][\w.-]{0,256}=)/)
    .map(maskVariable)
    .join(' ');
  return maskText(before + masked + createdBy.slice(command ?? text.length));
}

/** Hides the value of an environment entry `NAME=value`. */
export function maskVariable(variable: string): string {
  const equals = variable.indexOf('=');
  if (equals < 0) return maskText(variable);
  const name = variable.slice(0, equals);
  const value = variable.slice(equals + 1);
  return `${name}=${holdsSecret(name, value) ? MASK : maskText(value)}`;
}

/** Every text is searched for every value, so a config of nothing but secrets must not have thousands of them. */
const MOST_VALUES = 256;

/** Values of secret variables: hide them wherever else they are repeated. Short ones would hit innocent words. */
export function secretValues(variables: readonly string[]): string[] {
  const values: string[] = [];
  for (const variable of variables) {
    const equals = variable.indexOf('=');
    const value = variable.slice(equals + 1);
    if (equals > 0 && value.length >= 6 && holdsSecret(variable.slice(0, equals), value)) values.push(value);
  }
  return values.sort((a, b) => b.length - a.length).slice(0, MOST_VALUES);
}
