import {
  defineRule,
  hasNoVersion,
  option,
  type PackageWord,
  pipInstall,
  pipPackages,
  stringsOption,
  unpinned,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'pip-unpinned',
  aliases: ['DL3013'],
  category: 'correctness',
  mentions: ['pip'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'pip installs packages without a version',
  why: 'Without a version pip takes the newest release, a new major version included, on the day of the build. What was tested is not what is built a month later, and a hijacked release is in the image at once.',
  options: {
    newest: stringsOption(
      ['pip', 'setuptools', 'wheel', 'build'],
      'Packages that may always be the newest: tools that install the others.',
    ),
  },
  presetOptions: { strict: { newest: [] }, hadolint: { newest: [] } },
  examples: [
    {
      bad: 'FROM python:3.13\nRUN pip install --no-cache-dir «flask» gunicorn==23.0.0\n',
      good: 'FROM python:3.13\nRUN pip install --no-cache-dir flask==3.1.2 gunicorn==23.0.0\n',
    },
    { bad: 'FROM python:3.13\nRUN sudo python3 -m pip install -U «tox» && pip3.13 install «"uvicorn[standard]"»\n' },
    { bad: "FROM python:3.13\nRUN bash -c 'pip install «flask»'\n" },
    { bad: 'FROM python:3.13\nRUN ["pip", "install", «"flask"»]\n' },
    { bad: 'FROM python:3.13\nRUN <<EOF\nset -e\npip install -i https://a.example -t /x a==1 «flask»\nEOF\n' },
    { bad: 'FROM python:3.13\nENV TOOLS="a==1 flask"\nRUN pip install «$TOOLS»\n' },
    { bad: 'FROM python:3.13\nRUN pip install -r requirements.txt «flask»\n' },
    { bad: 'FROM python:3.13\nRUN pip install «git+https://git@a.example/x.git» git+https://git@a.example/y.git@v1\n' },
    { bad: 'FROM python:3.13\nRUN pip install «"x @ git+https://a.example/x"» "y @ git+https://a.example/y@v1"\n' },
    { good: 'FROM python:3.13\nRUN pip install "a>=1" "b~=1.2" \'c<3\' "d @ https://a.example/d.zip" "e[x]==1"\n' },
    { good: 'FROM python:3.13\nRUN pip install . ./a /b c/d e.whl f.tar.gz https://a.example/g.zip\n' },
    { good: 'FROM python:3.13\nRUN pip install -r requirements.txt -e . && pip install -c constraints.txt flask\n' },
    { good: 'FROM python:3.13\nRUN pip install --no-index --find-links /wheels flask\n' },
    { good: 'FROM python:3.13\nENV PIP_CONSTRAINT=/c.txt\nRUN pip install flask\n' },
    { good: 'FROM python:3.13\nRUN PIP_CONSTRAINT=/c.txt pip install flask\n' },
    {
      good: 'FROM python:3.13\nARG TOOLS\nARG FLASK\nRUN pip install $TOOLS flask$FLASK gunicorn==$GUNICORN $(cat tools)\n',
    },
    {
      good: 'FROM python:3.13\nRUN pip install --upgrade pip setuptools Wheel\n',
      note: 'Tools that install the others.',
    },
    {
      bad: 'FROM python:3.13\nRUN pip install --upgrade «pip»\nRUN pip install setuptools\n',
      options: { newest: ['setuptools'] },
    },
    { good: 'FROM python:3.13\nRUN pip download flask && pipx install flask && echo pip install flask\n' },
    {
      bad: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN dir && python -m pip install «tox» virtualenv==13.1.2 | more\nSHELL ["powershell", "-Command"]\nRUN cd x; pip.exe install «"tox"» ; python -m pip install tox==$env:V\n',
    },
  ],
  deviations: [
    {
      code: 'DL3013',
      what: 'looks at the packages beside -r and `.`, too',
      why: 'a list of requirements says nothing about what else is named',
    },
    { code: 'DL3013', what: 'silent for pipx, --no-index and PIP_CONSTRAINT', why: 'versions are given elsewhere' },
    {
      code: 'DL3013',
      what: 'fills in variables, and is silent for those that only the build knows',
      why: '`$PACKAGES` may well have versions in it',
    },
  ],
  *check({ allCommands }, { newest }) {
    const isOpen = (each: PackageWord): boolean => isUnpinned(each) && !newest.includes(each.name.toLowerCase());
    for (const { command, step } of allCommands) {
      const install = pipInstall(command);
      if (!install || option(install, '-c', '--constraint', '--no-index')) continue;
      if (step.env.has('PIP_CONSTRAINT') || command.assignments.some(({ name }) => name === 'PIP_CONSTRAINT')) continue;
      const found = unpinned(install, step, pipPackages, isOpen);
      if (!found) continue;
      yield {
        at: found.at,
        message: `pip takes whatever version of ${found.names} is the newest`,
        help: 'name the version: package==version, or install from a requirements file that does',
      };
    }
  },
});

/** No version; a repository without a commit, tag or branch behind its path. */
function isUnpinned(each: PackageWord): boolean {
  const path = /^git\+[a-z]+:\/\/[^/]*\/([^#]*)/.exec(each.version ?? each.word.text)?.[1];
  return path === undefined ? hasNoVersion(each) : !path.includes('@');
}
