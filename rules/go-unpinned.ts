import {
  type Command,
  defineRule,
  go,
  goPackages,
  type Invocation,
  type PackageWord,
  type Step,
  sinceStep,
  unpinned,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'go-unpinned',
  aliases: ['DL3062'],
  category: 'correctness',
  mentions: ['go'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'go takes a module without a version',
  why: 'With `@latest`, or with nothing where there is no go.mod, go takes the newest version of a module on the day of the build. What was tested is not what is built a month later.',
  examples: [
    {
      bad: 'FROM golang:1.24\nRUN go install «golang.org/x/tools/cmd/goimports@latest»\n',
      good: 'FROM golang:1.24\nRUN go install golang.org/x/tools/cmd/goimports@v0.36.0\n',
    },
    {
      bad: 'FROM golang:1.24\nRUN go run -mod=mod «example.com/x@latest» a b.example/c && go get -u «example.com/y»\n',
    },
    {
      bad: 'FROM golang:1.24\nRUN GO111MODULE=on /usr/local/go/bin/go install -v -ldflags "-s" «example.com/x@main» example.com/z@v1 && go get a.example/b@v1 «a.example/c@HEAD»\n',
    },
    {
      bad: 'FROM golang:1.24\nARG V=latest\nRUN go install «example.com/x@$V»\n',
      good: 'FROM golang:1.24\nARG V=v1\nRUN go install example.com/x@$V\n',
    },
    { bad: 'FROM golang:1.24\nRUN ["go", "install", «"example.com/x@latest"»]\n' },
    { bad: 'FROM golang:1.24\nCOPY . .\nRUN go install «example.com/x@latest»\n' },
    { good: 'FROM golang:1.24\nCOPY go.mod .\nRUN go install example.com/x\n', note: 'The version is that of go.mod.' },
    { good: 'FROM golang:1.24 AS base\nADD . .\nFROM base\nRUN go run example.com/x\n' },
    { bad: 'FROM golang:1.24\nCOPY . .\nRUN go get -d «example.com/x»\n' },
    { good: 'FROM golang:1.24\nWORKDIR /go/src/example.com/x\nRUN go get example.com/x/cmd/y example.com/z/...\n' },
    { bad: 'FROM golang:1.24\nRUN git config --global a b && go install «example.com/x»\n' },
    { good: 'FROM golang:1.24\nRUN git clone https://a.example/b && cd b && go install example.com/b/cmd/c\n' },
    { good: 'FROM golang:1.24\nRUN go mod init a\nRUN go install example.com/x\n' },
    { good: 'FROM golang:1.24\nRUN go mod download a\nRUN go install example.com/x\n' },
    { good: 'FROM golang:1.24\nRUN git init && git fetch https://a.example/b && go install example.com/x\n' },
    { good: 'FROM golang:1.24\nRUN git pull && go install example.com/x\n' },
    { bad: 'FROM golang:1.24\nRUN go get «a.example/b@upgrade» && go get «c.example/d@patch»\n' },
    { bad: 'FROM golang:1.24\nRUN go install «a.example/b@master» && go install «c.example/d@develop»\n' },
    { bad: 'FROM golang:1.24\nWORKDIR /go/src/example.com/x\nRUN go get «example.com/y»\n' },
    { good: 'FROM golang:1.24\nRUN --mount=type=bind,target=. go install example.com/b/cmd/c\n' },
    {
      good: 'FROM golang:1.24\nRUN go install . ./... && go run main.go example.com/x && go get && go run ./cmd example.com/x@latest\n',
    },
    {
      good: 'FROM golang:1.24\nARG V\nRUN go install example.com/x@$V && go install cmd/vet && go get example.com/x@none\n',
    },
    { good: 'FROM golang:1.24\nRUN go build example.com/x && go version\n' },
  ],
  deviations: [
    {
      code: 'DL3062',
      what: 'silent without a version where the sources are there',
      why: 'go.mod has the version; outside a module go refuses to install without one',
    },
    {
      code: 'DL3062',
      what: 'a branch such as @main is no version, @none is none',
      why: 'a branch moves; @none removes',
    },
    { code: 'DL3062', what: 'looks at every command of a RUN', why: 'a `go run` does not pin the others' },
  ],
  *check({ allCommands, stages }) {
    const hasModule = sinceStep(stages, bringsModule);
    for (const { command, step } of allCommands) {
      const found = go(command);
      if (!found || !/^(install|get|run)$/.test(found.subcommand)) continue;
      const isKnown = (name: string): boolean => (found.subcommand === 'get' ? isOwnPath(name, step) : hasModule(step));
      const isOpen = (each: PackageWord): boolean => isOpenModule(each, isKnown);
      const open = unpinned(programOf(found), step, goPackages, isOpen);
      if (!open) continue;
      yield {
        at: open.at,
        message: `go takes whatever version of ${open.names} is the newest`,
        help: 'name the version: module@v1.2.3',
      };
    }
  },
});

/** `go run PACKAGE ARGUMENTS…`: what follows the package is not go's. */
function programOf(found: Invocation): Invocation {
  return found.subcommand === 'run' ? { ...found, operands: found.operands.slice(0, 1) } : found;
}

function isOpenModule({ kind, name, operator, version }: PackageWord, isKnown: (name: string) => boolean): boolean {
  // The first part of a path on the web is a host; others are the standard library's.
  if (kind !== 'registry' || !/^[^/]+\.[^/]+\/?/.test(name)) return false;
  if (operator === undefined) return !isKnown(name);
  return /^(latest|upgrade|patch|master|main|head|develop)$/i.test(version ?? '');
}

/** `go get` looks for newer versions, go.mod or not; but not of what is being built itself. */
function isOwnPath(name: string, { workdir = '' }: Step): boolean {
  const own = /\/src\/(.+)$/.exec(workdir)?.[1];
  return name.endsWith('/...') || (own !== undefined && `${name}/`.startsWith(`${own}/`));
}

/** A go.mod may lie there: something has been copied, mounted or cloned. */
function bringsModule({ copy, mounts, commands }: Step): boolean {
  return copy !== undefined || mounts.some(({ type }) => type === 'bind') || commands.some(bringsSources);
}

function bringsSources(command: Command): boolean {
  if (command.name === 'git') return command.words.some(({ text }) => /^(clone|fetch|pull)$/.test(text));
  const found = go(command);
  return found?.subcommand === 'mod init' || found?.subcommand === 'mod download';
}
