import type { BuildArgument, BuildRequest, Example } from './rule.ts';

/** The build that an example describes, its text without the marks. */
export function buildOf({ build }: Example): BuildRequest | undefined {
  if (build === undefined) return undefined;
  const text = build.replace(/[«»]/g, '');
  const source = { path: 'compose.yaml', text };
  const args: BuildArgument[] = [];
  let target: BuildRequest['target'];
  for (const { 0: line, index } of text.matchAll(/[^\n]+/g)) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? undefined : line.slice(colon + 1).trim();
    if (name === 'target' && value !== undefined) {
      const start = index + line.length - value.length;
      target = { text: value, source, span: { start, end: start + value.length } };
    } else {
      const span = { start: index, end: index + name.length };
      args.push({ name, source, span, ...(value !== undefined && { value }) });
    }
  }
  return { name: 'app', args, ...(target && { target }) };
}
