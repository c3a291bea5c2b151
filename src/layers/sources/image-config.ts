import type { HistoryEntry, ImageConfig } from '../image.ts';
import { count, type Fields, fields, list, text, texts } from './json.ts';

/** Decodes `config` of an image's configuration (OCI image-spec, "Image Configuration"; Docker's extensions). */
export function decodeConfig(value: unknown): ImageConfig {
  const config = fields(value);
  const user = text(config.get('user'));
  const workingDir = text(config.get('workingdir'));
  const stopSignal = text(config.get('stopsignal'));
  const argsEscaped = config.get('argsescaped');
  const healthcheck = decodeHealthcheck(config.get('healthcheck'));
  return {
    ...(user !== undefined && { user }),
    ...(workingDir !== undefined && { workingDir }),
    env: texts(config.get('env')),
    ...words('entrypoint', config),
    ...words('cmd', config),
    ...words('shell', config),
    exposedPorts: keys(config.get('exposedports')),
    volumes: keys(config.get('volumes')),
    labels: decodeLabels(config.get('labels')),
    ...(stopSignal !== undefined && { stopSignal }),
    ...(healthcheck && { healthcheck }),
    onBuild: texts(config.get('onbuild')),
    ...(typeof argsEscaped === 'boolean' && { argsEscaped }),
  };
}

/**
 * The history, each entry with the layer it made: entries that are no `empty_layer` are the layers in order. Where
 * their number is another, nothing is matched, and `isMatched` is false.
 */
export function decodeHistory(value: unknown, layers: number): { history: HistoryEntry[]; isMatched: boolean } {
  const entries = list(value).map(fields);
  const isEmpty = (entry: Fields): boolean => entry.get('empty_layer') === true;
  const making = entries.filter((entry) => !isEmpty(entry)).length;
  const isMatched = making === layers;
  let layer = 0;
  const history = entries.map((entry) => ({
    createdBy: text(entry.get('created_by')) ?? '',
    created: text(entry.get('created')) ?? null,
    comment: text(entry.get('comment')) ?? null,
    author: text(entry.get('author')) ?? null,
    layer: isMatched && !isEmpty(entry) ? ++layer : null,
  }));
  return { history, isMatched };
}

function words(key: 'entrypoint' | 'cmd' | 'shell', config: Fields): Record<string, readonly string[]> {
  const value = config.get(key);
  return value === undefined || value === null ? {} : { [key]: texts(value) };
}

/** Go writes sets as objects with empty values. */
function keys(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) ? texts(value) : Object.keys(value).sort();
}

function decodeLabels(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((label): label is [string, string] => typeof label[1] === 'string'),
  );
}

function decodeHealthcheck(value: unknown): ImageConfig['healthcheck'] | undefined {
  const check = fields(value);
  if (check.size === 0) return undefined;
  const interval = count(check.get('interval'));
  const timeout = count(check.get('timeout'));
  const startPeriod = count(check.get('startperiod'));
  const startInterval = count(check.get('startinterval'));
  const retries = count(check.get('retries'));
  return {
    test: texts(check.get('test')),
    ...(interval !== undefined && { interval }),
    ...(timeout !== undefined && { timeout }),
    ...(startPeriod !== undefined && { startPeriod }),
    ...(startInterval !== undefined && { startInterval }),
    ...(retries !== undefined && { retries }),
  };
}
