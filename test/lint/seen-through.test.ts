import { describe, expect, test } from 'vitest';
import { fillInAll } from '../../src/lint/commands/unpinned.ts';
import { parse } from '../../src/lint/parse.ts';
import { type AnalyzeOptions, analyze } from '../../src/lint/semantic.ts';

const target = 'pip install x';

/** How often `pip install x` runs; its words must stand where they are. */
function count(text: string, options?: AnalyzeOptions): number {
  const { commands } = analyze(parse({ path: 'Dockerfile', text }), options);
  const found = commands.filter(({ command: { name, words } }) => {
    return [name, ...words.slice(1).map((word) => word.text)].join(' ') === target;
  });
  for (const { command } of found) {
    const [, install, x] = command.words.map(({ span }) => text.slice(span.start, span.end).replace(/\\\n\s*/g, ''));
    expect([install, x].map((word) => word?.replace(/^\\?["']|\\?["']$/g, ''))).toEqual(['install', 'x']);
  }
  return found.length;
}

describe('what a RUN runs is seen', () => {
  test.each([
    'sudo pip install x',
    'sudo -EH -u app A=b pip install x',
    'sudo -u app -- sh -c "pip install x"',
    'doas -u app pip install x',
    'env A=b pip install x',
    'env -i -u HOME A=b C=d pip install x',
    '/usr/bin/env -S pip install x',
    'A=b C="d e" pip install x',
    'time pip install x',
    'time -p pip install x',
    '/usr/bin/time -v -o log pip install x',
    '/usr/local/bin/pip install x',
    './bin/pip install x',
    '"pip" "install" x',
    "'/opt/venv/bin/pip' install 'x'",
    '\\pip install x',
    "sh -c 'pip install x'",
    'sh -c "pip install x"',
    '/bin/sh -ec "pip install x"',
    "bash -lc 'pip install x'",
    "bash -euxo pipefail -c 'pip install x'",
    "bash --login -c 'pip install x'",
    "bash --noprofile --norc -eo pipefail -c 'pip install x'",
    "bash -c -- 'pip install x'",
    "zsh -c 'pip install x'",
    'ash -c "pip install x"',
    "busybox sh -c 'pip install x'",
    `bash -c "bash -c 'pip install x'"`,
    'set -e; pip install x',
    'set -eux && pip install x',
    'set -o pipefail && pip install x',
    'if true; then pip install x; fi',
    'if [ a = b ]; then :; elif pip install x; then :; fi',
    'if a; then b; else pip install x; fi',
    'for i in a b; do pip install x; done',
    'while pip install x; do :; done',
    'until pip install x; do sleep 1; done',
    'case a in a) pip install x ;; *) exit 1 ;; esac',
    'case "$A" in (a|b) pip install x;; esac',
    'f() { pip install x; }; f',
    'function f { pip install x; }',
    '(pip install x)',
    '{ pip install x; }',
    '! pip install x',
    'a || pip install x',
    'a | pip install x',
    'a & pip install x',
    'pip install x >/dev/null 2>&1',
    '2>&1 pip install x',
    'pip install x &',
    'echo $(pip install x)',
    'echo "a $(pip install x) b"',
    'A=$(pip install x)',
    'export A="$(pip install x)"',
    'echo `pip install x`',
    '[ -n "$(pip install x)" ]',
    '[[ -n $(pip install x) ]]',
    'diff <(pip install x) a',
    'echo ${A:-$(pip install x)}',
    'echo $(( $(pip install x) + 1 ))',
    'for i in $(pip install x); do :; done',
    'a < $(pip install x)',
    'a > "$(pip install x)"',
    'cat <<< "$(pip install x)"',
    'xargs pip install x',
    'a | xargs -r -n1 pip install x',
    'a | xargs --no-run-if-empty --max-args=1 pip install x',
    'a | xargs -I{} pip install x',
    "a | xargs -I {} sh -c 'pip install x'",
    'find / -name a -exec pip install x \\;',
    "find / -name a -exec pip install x ';'",
    'find / -execdir pip install x +',
    "find / -exec sh -c 'pip install x' {} \\;",
    'nice pip install x',
    'nice -n 19 pip install x',
    'nice -19 pip install x',
    'ionice -c3 nice pip install x',
    'nohup pip install x &',
    'timeout 10 pip install x',
    'timeout -k 5 -s KILL 10m pip install x',
    'timeout --signal=KILL 10 pip install x',
    "su -c 'pip install x'",
    "su - app -c 'pip install x'",
    "su app -s /bin/bash -c 'pip install x'",
    "su app -lc 'pip install x'",
    'gosu app pip install x',
    'gosu app:app pip install x',
    'su-exec app pip install x',
    'setpriv --reuid=app --clear-groups pip install x',
    "runuser app -c 'pip install x'",
    'runuser -u app -- pip install x',
    'runuser -u app pip install x',
    'chroot /mnt pip install x',
    "chroot --userspec=a:b /mnt sh -c 'pip install x'",
    'chroot /mnt /bin/bash -c "pip install x"',
    'eatmydata pip install x',
    'eatmydata -- pip install x',
    'fakeroot pip install x',
    'stdbuf -oL pip install x',
    'unshare -r pip install x',
    'setarch i386 pip install x',
    'linux32 pip install x',
    'flock /tmp/lock pip install x',
    "flock /tmp/lock -c 'pip install x'",
    'strace -f -o log pip install x',
    'command pip install x',
    'builtin command pip install x',
    'exec pip install x',
    'eval pip install x',
    'eval "pip install x"',
    'eval "$(pip install x)"',
    'bash -c "a $(pip install x)"',
    'bash -c "a \\$(pip install x)"',
    'scl enable devtoolset-9 -- pip install x',
    "script -qc 'pip install x' /dev/null",
    'pip \\\n  install \\\n  # why\n  x',
    'set -e; \\\n    pip install x; \\\n    rm y',
    'proot -0 pip install x',
    'dbus-run-session -- pip install x',
    'dbus-run-session pip install x',
    'xvfb-run -a pip install x',
    'torsocks pip install x',
    'conda run -n base pip install x',
    'conda run --no-capture-output -n base pip install x',
    'micromamba run -n base pip install x',
  ])('%s', (run) => {
    expect(count(`FROM a:1\nRUN ${run}\n`)).toBe(1);
  });

  test.each([
    'RUN <<EOF\npip install x\nEOF',
    'RUN <<-EOF\n\tpip install x\n\tEOF',
    "RUN <<'EOF'\nset -e\npip install x\nEOF",
    'RUN <<EOF\n#!/bin/sh\npip install x\nEOF',
    'RUN <<EOF\n#!/usr/bin/env bash\npip install x\nEOF',
    'RUN bash <<EOF\npip install x\nEOF',
    'RUN bash -ex <<EOF\npip install x\nEOF',
    'RUN sh -s <<EOF\npip install x\nEOF',
    'RUN sh -s -- a b <<EOF\npip install x\nEOF',
    'RUN <<EOF bash\npip install x\nEOF',
    'RUN <<EOF sh -ex\npip install x\nEOF',
    'RUN cat <<EOF | sh\npip install x\nEOF',
    'RUN sudo -u app bash <<EOF\npip install x\nEOF',
    'RUN cat <<A >a && bash <<B\nno\nA\npip install x\nB',
    'RUN --mount=type=cache,target=/x <<EOF\npip install x\nEOF',
    'RUN ["pip", "install", "x"]',
    'RUN ["/usr/bin/pip", "install", "x"]',
    'RUN ["sudo", "pip", "install", "x"]',
    'RUN ["sh", "-c", "pip install x"]',
    'RUN ["bash", "-o", "pipefail", "-c", "a && \\"pip\\" install x"]',
    'RUN ["bash", "-c", "a && \\\n  pip install x"]',
    'RUN ["/bin/su", "-c", "pip install x"]',
    'RUN ["find", "-exec", "pip", "install", "x", ";"]',
    'ONBUILD RUN pip install x',
    'ONBUILD RUN ["sh", "-c", "pip install x"]',
    'RUN --network=none --mount=type=cache,target=/a pip install x',
    'run pip install x',
    'SHELL ["/bin/bash", "-c"]\nRUN pip install x',
    'SHELL ["/usr/bin/env", "bash", "-c"]\nRUN pip install x',
    'SHELL ["conda", "run", "-n", "a", "/bin/bash", "-c"]\nRUN pip install x',
    '# hadolint shell=bash\nRUN pip install x',
  ])('%j', (lines) => {
    expect(count(`FROM a:1\n${lines}\n`)).toBe(1);
  });
});

describe('what does not run is not', () => {
  test.each([
    'RUN echo pip install x',
    "RUN echo 'pip install x'",
    'RUN # pip install x',
    'RUN a # pip install x',
    'RUN command -v pip install x',
    'RUN sudo -l pip install x',
    "RUN grep 'pip install x' a",
    'RUN cat <<EOF >a\npip install x\nEOF',
    'RUN <<EOF\n#!/usr/bin/env python3\npip install x\nEOF',
    'RUN <<EOF python3\npip install x\nEOF',
    'RUN python3 <<EOF\npip install x\nEOF',
    'RUN python3 - <<EOF\npip install x\nEOF',
    'RUN bash a.sh <<EOF\npip install x\nEOF',
    'RUN ["bash", "-c", "a", "pip install x"]',
    'RUN ["echo", "pip install x"]',
    'CMD pip install x',
    'COPY <<EOF /a\npip install x\nEOF',
    'SHELL ["/usr/bin/python3", "-c"]\nRUN pip install x',
    '# RUN pip install x',
    'RUN echo \\$(pip install x)',
    "RUN echo '$(pip install x)'",
    'RUN find -name pip install x',
    'RUN sh -c "$A" pip install x',
    'RUN runuser app pip install x',
    'RUN conda install pip install x',
    'RUN cat a <<EOF | sh\npip install x\nEOF',
    'RUN cat <<EOF | python3\npip install x\nEOF',
  ])('%j', (lines) => {
    expect(count(`FROM a:1\n${lines}\n`)).toBe(0);
  });
});

describe('SHELL', () => {
  const shellOf = (text: string) => analyze(parse({ path: '', text })).steps.at(-1)?.shell;

  test('is inherited over stages, by name and number, and stays through ENV and ARG', () => {
    const set = 'FROM a:1 AS b\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\n';
    const strict = { dialect: 'bash', pipefail: true, errexit: true, isSet: true };
    expect(shellOf(`${set}ENV A=1\nARG B\nRUN c\n`)).toMatchObject(strict);
    expect(shellOf(`${set}FROM b\nRUN c\n`)).toMatchObject(strict);
    expect(shellOf(`${set}FROM b AS c\nFROM C\nRUN c\n`)).toMatchObject(strict);
    expect(shellOf(`${set}FROM a:1\nRUN c\n`)).toMatchObject({ dialect: 'sh', isSet: false });
    expect(shellOf(`${set}ONBUILD SHELL ["a"]\nRUN c\n`)).toMatchObject(strict);
    expect(shellOf(`${set}SHELL ["/bin/sh", "-c"]\nRUN c\n`)).toMatchObject({ dialect: 'sh', pipefail: false });
  });
});

describe('what the shell fills in is known', () => {
  const packages = (lines: string, buildArgs: Record<string, string> = {}) => {
    const { steps, commands } = analyze(parse({ path: '', text: `FROM a:1\n${lines}\n` }), {
      buildArgs: new Map(Object.entries(buildArgs)),
    });
    const step = steps.at(-1);
    const command = commands.at(-1)?.command;
    return (
      step &&
      command &&
      fillInAll(command, step)
        .words.slice(2)
        .map(({ text }) => text)
    );
  };

  test.each([
    ['ENV V=1.2-3', 'x==$V', ['x==1.2-3']],
    ['ENV V=1.2-3', 'x==${V%-*}', ['x==1.2']],
    ['ENV V=v1.2.3', 'x==${V#v}', ['x==1.2.3']],
    ['ENV V=a/b/c', '${V##*/} ${V%%/*}', ['c', 'a']],
    ['ENV V=1_2_3', 'x==${V//_/.} y==${V/_/.}', ['x==1.2.3', 'y==1.2_3']],
    ['ENV V=', 'x${V:-y} x${V-y} ${V:+y}z', ['xy', 'x', 'z']],
    // What the build will say, nobody knows.
    ['ARG V', 'x${V:-y}', ['x${V:-y}']],
    ['ARG V=1', 'x==$V', ['x==1']],
    ['ARG P="a b==1"', '$P "$P"', ['a', 'b==1', 'a', 'b==1']],
    ['ENV A=1', '$B x', ['$B', 'x']],
  ])('%s: %s', (set, words, expected) => {
    expect(packages(`${set}\nRUN pip install ${words}`)).toEqual(expected);
  });

  test('from --build-arg, which beats a default, and from the script itself', () => {
    expect(packages('ARG V=1\nRUN pip install x==$V', { V: '2' })).toEqual(['x==2']);
    expect(packages('ARG V\nRUN pip install x==$V', { V: '2' })).toEqual(['x==2']);
    expect(packages('RUN V=3 && pip install x==$V')).toEqual(['x==3']);
    expect(packages('RUN export V=3; pip install x==$V')).toEqual(['x==3']);
    expect(packages('ARG V=1\nRUN if a; then V=2; fi; pip install x==$V')).toEqual(['x==$V']);
  });
});
