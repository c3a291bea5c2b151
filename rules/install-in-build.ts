import {
  type Command,
  commandTitle,
  defineRule,
  insertAfter,
  isMounted,
  isRootUser,
  listing,
  manifestCopies,
  type Problem,
  plainName,
  type Step,
  toolCache,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'install-in-build',
  category: 'cache',
  severity: 'info',
  summary: 'a build fetches its dependencies anew with every edit of a source file',
  why: 'A build that stands behind the copy of the sources runs again with every edit, and rightly so. When it also fetches the dependencies, it fetches all of them each time, into a layer that knows nothing of the one before. Fetched in a step of their own, which sees only the files that list them, they stay in the cache.',
  examples: [
    {
      bad: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN «go build -o /app ./cmd/app»\n',
      good: 'FROM golang:1.25\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /app ./cmd/app\n',
      fixed: false,
    },
    {
      bad: 'FROM maven:3\nWORKDIR /src\nCOPY pom.xml pom.xml\nCOPY src src\nRUN «mvn -q package»\n',
      good: 'FROM maven:3\nWORKDIR /src\nCOPY pom.xml pom.xml\nRUN mvn dependency:go-offline\nCOPY src src\nRUN mvn -q package\n',
      fixed: false,
    },
    {
      bad: 'FROM rust:1\nWORKDIR /src\nCOPY . .\nRUN «cargo build --release»\n',
      good: 'FROM rust:1\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/usr/local/cargo/registry cargo build --release\n',
    },
    {
      bad: 'FROM golang:1.25\nENV GOMODCACHE=/m\nWORKDIR /src\nCOPY . .\nRUN --network=host «go build .»\n',
      good: 'FROM golang:1.25\nENV GOMODCACHE=/m\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/m --network=host go build .\n',
    },
    {
      bad: 'FROM rust:1\nWORKDIR /src\nUSER app\nCOPY . .\nRUN «cargo build --release»\n',
      note: 'The folder of the mount belongs to root.',
    },
    {
      bad: 'FROM python:3.13\nWORKDIR /src\nCOPY . .\nRUN «uv sync --frozen»\nRUN poetry install --no-root\n',
      good: 'FROM python:3.13\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen\nRUN poetry install --no-root\n',
    },
    {
      bad: 'FROM maven:3\nCOPY src /src/src\nCOPY pom-docker.xml /src/pom.xml\nRUN cd /src && «mvn package»\n',
      good: 'FROM maven:3\nCOPY src /src/src\nCOPY pom-docker.xml /src/pom.xml\nRUN --mount=type=cache,target=/root/.m2 cd /src && mvn package\n',
      note: 'Under another name.',
    },
    {
      bad: 'FROM clojure:lein\nWORKDIR /src\nCOPY src src\nCOPY project.clj ./\nRUN «lein uberjar»\n',
      good: 'FROM clojure:lein\nWORKDIR /src\nCOPY project.clj ./\nRUN lein deps\nCOPY src src\nRUN lein uberjar\n',
      fixed: false,
    },
    {
      bad: 'FROM gradle:9\nWORKDIR /src\nCOPY . .\nRUN «./gradlew classes»\nRUN ./gradlew installDist\n',
      note: 'The second build finds what the first has fetched.',
    },
    {
      bad: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN «go build .»\nRUN true && go vet\n',
      note: 'The second would have to fetch them again.',
    },
    {
      bad: 'FROM golang:1.25\nENV GOMODCACHE=/m\nWORKDIR /src\nUSER my-root\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod «go build .»\n',
    },
    {
      bad: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN «go get -d ./...»\nRUN go build .\n',
      note: 'It is not the build that fetches.',
    },
    { good: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod go build ./...\n' },
    {
      good: 'FROM golang:1.25\nWORKDIR /src\nCOPY go.mod ./\nCOPY main.go ./\nRUN go build .\n',
      note: 'No go.sum: there are no dependencies.',
    },
    {
      good: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go build -mod=vendor ./...\nRUN GOFLAGS=-mod=vendor go build\n',
    },
    { good: 'FROM golang:1.25\nWORKDIR /src\nCOPY vendor vendor\nCOPY . .\nRUN go build ./...\n' },
    {
      good: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go mod download\nRUN go build ./...\n',
      note: 'copy-before-install reports the download.',
    },
    { good: 'FROM golang:1.25\nWORKDIR /src\nRUN --mount=target=/src go build ./...\n' },
    { good: 'FROM maven:3\nWORKDIR /src\nCOPY pom.xml ./\nRUN mvn package || true\nCOPY src src\nRUN mvn package\n' },
    { good: 'FROM maven:3\nCOPY . /src\nRUN mvn -o package\n' },
    { good: 'FROM golang:1.25\nCOPY . /src\nWORKDIR /other\nRUN go build ./...\n' },
  ],
  *check({ lateInstalls }) {
    for (const late of lateInstalls) {
      const { behind, command, isProvided, need, step } = late;
      const { fetch } = need;
      if (!fetch || behind[0]?.kind !== 'copy') continue;
      const folder = toolCache(command, step)?.folders[0] ?? fetch.cache.replace('~', '/root');
      if (isMounted(step, folder)) continue;
      const isInTree = behind.some((change) => manifestCopies(late, change.step) !== undefined);
      if (!isProvided && !isInTree) continue;
      const mount = `--mount=type=cache,target=${folder}`;
      const files = listing((need.manifests ?? []).map(plainName), 6);
      const besides = need.besides ? ` (${need.besides})` : '';
      yield {
        at: command.span,
        message: `every edit of a source file makes ${commandTitle(command)} fetch all dependencies again`,
        help: `copy ${files} first, run ${fetch.command}${besides}, and copy the rest after it; or keep what is fetched: RUN ${mount}`,
        ...(isMountable(step, command) ? { fix: cacheFix(step, mount) } : {}),
      };
    }
  },
});

/** Steps behind this one that are looked at. */
const maxLater = 60;

/** Root writes where the cache is, and no later step is left without what this one has fetched. */
function isMountable({ stage, index, user = 'root' }: Step, { name }: Command): boolean {
  const later = stage.steps.slice(index + 1, index + 1 + maxLater);
  const isUsed = later.some(({ commands }) => commands.some((command) => command.name === name));
  return isRootUser(user) && !isUsed;
}

/** What the program looks for there when it runs is not in the image any more. */
function cacheFix({ instruction }: Step, mount: string): NonNullable<Problem['fix']> {
  return { title: 'Mount a cache', safe: false, edits: [insertAfter(instruction.keywordSpan, ` ${mount}`)] };
}
