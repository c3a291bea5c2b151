import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../rules/index.ts';
import { describeConfig } from '../../src/config/describe-config.ts';
import { type ConfigChoice, Configs } from '../../src/config.ts';
import type { ConfigReport } from '../../src/report/config-report.ts';
import { folder } from '../support/cli.ts';

export interface Project {
  readonly path: string;
  /** What holds for a file of it; the errors when the configuration is wrong. */
  read(file?: string, choice?: ConfigChoice): Promise<ConfigReport | readonly Problem[]>;
  remove(): void;
}

export interface Problem {
  readonly code: string;
  readonly message: string;
  /** Relative to the project. */
  readonly where: string | undefined;
  readonly hint: string | undefined;
}

/** A repository with these files. */
export function project(files: Readonly<Record<string, string>>): Project {
  const { path, remove } = folder(files);
  mkdirSync(join(path, '.git'), { recursive: true });
  const read = async (file = 'Dockerfile', choice: ConfigChoice = {}) => {
    const full = join(path, file);
    const loaded = await new Configs(choice, rules).of(full);
    const errors = loaded && ('errors' in loaded ? loaded.errors : loaded.config.pluginErrors);
    if (errors && errors.length > 0) {
      return errors.map(({ code, message, where, hint }) => ({
        code,
        message: message.replaceAll(`${path}/`, ''),
        where: where?.replaceAll(`${path}/`, ''),
        hint,
      }));
    }
    const report = describeConfig(full, loaded as Exclude<typeof loaded, { errors: unknown }>, rules);
    return JSON.parse(JSON.stringify(report).replaceAll(`${path}/`, '')) as ConfigReport;
  };
  return { path, read, remove };
}

/** The values of settings by key. */
export function settingsOf(report: ConfigReport | readonly Problem[]): Readonly<Record<string, unknown>> {
  if (!('settings' in report)) throw new Error(JSON.stringify(report));
  return Object.fromEntries(report.settings.map(({ key, value }) => [key, value]));
}

/** `LEVEL FROM` of a rule, and its options. */
export function ruleOf(report: ConfigReport | readonly Problem[], id: string) {
  if (!('rules' in report)) throw new Error(JSON.stringify(report));
  return report.rules.find((rule) => rule.id === id);
}
