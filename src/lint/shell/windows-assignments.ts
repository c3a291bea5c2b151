/** A variable that a statement sets to a string. Indices are of the statement's text. */
export interface Setting {
  readonly name: string;
  /** Without quotes. */
  readonly value: string;
  /** Of the value, quotes included. */
  readonly start: number;
  readonly end: number;
}

const literal = String.raw`('(?:[^']|'')*'|"[^"$\x60]*")`;
const assignment = new RegExp(String.raw`^(\$(?:env:)?(\w+)\s*=\s*|\$\{(?:env:)?(\w+)\}\s*=\s*)${literal}$`, 'i');
const call = new RegExp(
  String.raw`^(\[(?:System\.)?Environment\]::SetEnvironmentVariable\(\s*['"](\w+)['"]()\s*,\s*)${literal}`,
  'i',
);

/**
 * `$env:NAME = '…'`, `$name = '…'` and `[Environment]::SetEnvironmentVariable('NAME', '…')`, where the value is a string
 * without variables. References: about_Environment_Variables and about_Quoting_Rules of PowerShell.
 */
export function powershellSetting(statement: string): Setting | undefined {
  const [, before = '', name, braced = '', quoted = ''] = assignment.exec(statement) ?? call.exec(statement) ?? [];
  if (quoted === '') return undefined;
  const value = quoted.slice(1, -1);
  return {
    name: name ?? braced,
    value: quoted.startsWith("'") ? value.replaceAll("''", "'") : value,
    start: before.length,
    end: before.length + quoted.length,
  };
}

/** `set NAME=…` and `set "NAME=…"` of cmd, without variables. */
export function cmdSetting(statement: string): Setting | undefined {
  const [, before = '', name = '', value = ''] = /^(set\s+"?(\w+)=)([^%"]+)"?$/i.exec(statement) ?? [];
  return value === '' ? undefined : { name, value, start: before.length, end: before.length + value.length };
}
