import type { Copy } from '../syntax.ts';
import type { CopyFacts, CopySource } from './model.ts';

/** What COPY and ADD bring in. Git and web addresses are ADD's alone (Dockerfile reference, ADD). */
export function copyFacts(copy: Copy, from: CopyFacts['from'], expand: (raw: string) => string | undefined): CopyFacts {
  const targetPath = copy.target && expand(copy.target.raw);
  const sources = copy.sources.map((word): CopySource => {
    const heredoc = copy.heredocs.find(({ span }) => span.start === word.span.start);
    if (heredoc) return { word, kind: 'heredoc', heredoc };
    const path = copy.form === 'exec' ? expand(word.text) : expand(word.raw);
    const kind = copy.keyword === 'ADD' ? remoteKind(path ?? word.text) : 'path';
    return { word, kind, ...(path === undefined ? {} : { path }) };
  });
  return {
    from,
    sources,
    ...(copy.target ? { target: copy.target } : {}),
    ...(targetPath === undefined ? {} : { targetPath }),
  };
}

function remoteKind(path: string): CopySource['kind'] {
  if (/^(git@|git:\/\/|ssh:\/\/)/.test(path) || /^https?:\/\/[^#?]*\.git(?:[#?]|$)/.test(path)) return 'git';
  return /^https?:\/\//i.test(path) ? 'url' : 'path';
}
