/**
 * History entries as lines of a Dockerfile. Builders write `created_by` in their own ways:
 * classic Docker and buildah `/bin/sh -c #(nop)  CMD ["x"]`, `|1 ARG=v /bin/sh -c cmd`;
 * BuildKit `RUN |1 ARG=v /bin/sh -c cmd # buildkit`, `COPY . /app # buildkit`.
 */

const KEYWORD =
  /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\b/;
/** A shell with its options up to `-c`, as builders put it before a command. */
const SHELL =
  /^(?:\/[\w./-]*\/)?(?:sh|bash|ash|dash|zsh)(?:\s+-[A-Za-z]+(?:\s+pipefail)?)*?\s+-[A-Za-z]*c\s+|^(?:cmd|cmd\.exe)\s+\/S\s+\/C\s+|^(?:powershell|pwsh)(?:\.exe)?\s+(?:-\w+\s+)*?-Command\s+/i;
const BUILD_ARGUMENTS = /^\|\d+\s/;
const LONG_DIGEST = /\b((?:sha256:|file:|dir:|multi:)[0-9a-f]{12})[0-9a-f]{52}\b/g;

/** One line, `(no history)` where the image states none. */
export function instructionOf(createdBy: string | null): string {
  if (createdBy === null || createdBy.trim() === '') return '(no history)';
  let text = createdBy.trim();
  if (text.endsWith('# buildkit')) text = text.slice(0, -'# buildkit'.length).trimEnd();
  const isRun = /^RUN\s/.test(text);
  if (isRun) text = text.slice(4).trimStart();
  text = withoutArguments(text);
  const command = text.replace(SHELL, '');
  const nop = /^#\(nop\)\s*/.exec(command);
  const line = nop ? command.slice(nop[0].length) : isRun || command !== text ? `RUN ${command}` : text;
  return line.replace(/\s+/g, ' ').replace(LONG_DIGEST, '$1…').trim();
}

/** `|2 A=1 B=2 /bin/sh -c make`: values may hold spaces, so the shell is what ends them. */
function withoutArguments(text: string): string {
  if (!BUILD_ARGUMENTS.test(text)) return text;
  const shell = /\s(?:\/[\w./-]*\/(?:sh|bash|ash|dash|zsh)|cmd|powershell)\s/.exec(text);
  return shell ? text.slice(shell.index + 1) : text.replace(BUILD_ARGUMENTS, '');
}

/** The keyword of a line that `instructionOf` made, or undefined. */
export function keywordOf(instruction: string): string | undefined {
  return KEYWORD.exec(instruction)?.[0];
}
