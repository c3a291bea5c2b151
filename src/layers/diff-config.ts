import type { ValueChange } from '../report/diff-report.ts';
import type { Settings } from '../report/image-report.ts';
import { MASK } from '../report/secrets.ts';
import type { Image } from './image.ts';
import { maskedSettings, maskFor } from './report.ts';
import { platformName } from './sources/oci-layout.ts';

/** What two images state differently about how a container starts. Values are compared as they are, and given masked. */
export function diffConfigs(before: Image, after: Image): ValueChange[] {
  const [a, b] = [valuesOf(before.config, before), valuesOf(after.config, after)];
  const [maskedA, maskedB] = [masked(before), masked(after)];
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return names
    .filter((name) => a.get(name) !== b.get(name))
    .map((name) => ({
      name,
      before: a.has(name) ? (maskedA.get(name) ?? MASK) : null,
      after: b.has(name) ? (maskedB.get(name) ?? MASK) : null,
    }));
}

function masked(image: Image): Map<string, string> {
  return valuesOf(maskedSettings(image.config, maskFor(image.config)), image);
}

/** Every setting by its name; those that are not set are missing. */
function valuesOf(config: Settings, { platform }: Image): Map<string, string> {
  const { user, workingDir, entrypoint, cmd, shell, stopSignal, healthcheck, argsEscaped } = config;
  const rows: [string, unknown][] = [
    ['platform', platformName(platform)],
    ['user', user],
    ['workdir', workingDir],
    ['entrypoint', entrypoint],
    ['cmd', cmd],
    ['shell', shell],
    ['stop signal', stopSignal],
    ['healthcheck', healthcheck],
    ['args escaped', argsEscaped],
    ...config.env.map((variable): [string, string] => {
      const equals = variable.indexOf('=');
      return equals < 0 ? [`env ${variable}`, ''] : [`env ${variable.slice(0, equals)}`, variable.slice(equals + 1)];
    }),
    ...Object.entries(config.labels).map(([name, value]): [string, string] => [`label ${name}`, value]),
    ...config.exposedPorts.map((port): [string, string] => [`port ${port}`, 'exposed']),
    ...config.volumes.map((volume): [string, string] => [`volume ${volume}`, 'declared']),
    ...config.onBuild.map((line, i): [string, string] => [`onbuild ${i + 1}`, line]),
  ];
  const set = rows.filter(([, value]) => value !== undefined && value !== null);
  return new Map(set.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
}
