import { describe, expect, it } from 'vitest';
import {
  commandTitle,
  type LateInstall,
  lateGroups,
  layerFacts,
  listing,
  needOf,
  reorder,
} from '../../src/lint/cost.ts';
import { applyEdits } from '../../src/lint/fix.ts';
import { parse } from '../../src/lint/parse.ts';
import { analyze } from '../../src/lint/semantic.ts';
import { cpuTime } from '../support/cpu-time.ts';

function modelOf(text: string) {
  return analyze(parse({ path: '', text }));
}

function commandOf(run: string) {
  return modelOf(`FROM a:1\nRUN ${run}\n`).commands.at(-1)?.command;
}

describe('needs', () => {
  const need = (run: string) => {
    const command = commandOf(run);
    const found = command && needOf(command);
    return found && [found.work, found.volatility, ...(found.manifests ?? [])].join(' ');
  };

  it.each([
    ['apt-get install -y curl', 'install never'],
    ['sudo apk add --no-cache curl', 'install never'],
    ['apt-get install -y ./x.deb', undefined],
    ['apt-get install $(cat list)', undefined],
    ['cat list | xargs apt-get install', undefined],
    ['apt-get update', undefined],
    ['pacman -Sy git', 'install never'],
    ['docker-php-ext-install pdo', 'install never'],
    ['pecl install redis', 'install never'],
    ['cpanm --installdeps .', 'install dependency-change cpanfile*'],
    ['cpanm --installdeps ./lib', undefined],
    ['npm ci', 'install dependency-change package*.json'],
    ['npm install', 'install dependency-change package.json package-lock.json*'],
    ['npm i -g serve', 'install never'],
    ['npm i -g .', undefined],
    ['npm install ./lib', undefined],
    ['npm run build', 'compile source-change'],
    ['yarn', 'install dependency-change package.json yarn.lock*'],
    ['yarn global add x', 'install never'],
    ['pnpm i', 'install dependency-change package.json pnpm-lock.yaml* pnpm-workspace.yaml*'],
    ['pip install flask', 'install never'],
    ['pip install -r a/r.txt -c c.txt', 'install dependency-change a/r.txt c.txt'],
    ['pip install .', 'compile source-change'],
    ['pip install --no-index x', 'compile source-change'],
    ['uv pip sync r.txt', 'install dependency-change r.txt'],
    ['uv sync', 'compile source-change pyproject.toml uv.lock*'],
    ['uv sync --no-install-project', 'install dependency-change pyproject.toml uv.lock*'],
    ['poetry install', 'compile source-change pyproject.toml poetry.lock*'],
    ['poetry install --no-root', 'install dependency-change pyproject.toml poetry.lock*'],
    ['pipenv sync', 'install dependency-change Pipfile*'],
    ['pdm install --no-self', 'install dependency-change pyproject.toml pdm.lock*'],
    ['conda env create -f e.yml', 'install dependency-change e.yml'],
    ['mamba install x', 'install never'],
    ['bundle', 'install dependency-change Gemfile*'],
    ['gem install x', 'install never'],
    ['composer install', 'install dependency-change composer.json composer.lock*'],
    ['go mod download', 'install dependency-change go.mod go.sum*'],
    ['go install a.b/c@v1', 'install never'],
    ['go build ./...', 'compile source-change go.mod go.sum'],
    ['go get -d ./...', 'compile source-change go.mod go.sum'],
    ['go get a.b/c', 'compile source-change'],
    ['cargo fetch', 'install dependency-change Cargo.toml Cargo.lock*'],
    ['cargo install ripgrep', 'install never'],
    ['cargo install --path .', 'compile source-change'],
    ['mvn -B dependency:go-offline', 'install dependency-change pom.xml'],
    ['./mvnw package', 'compile source-change pom.xml'],
    ['mvn -o package', 'compile source-change'],
    ['gradle dependencies', 'install dependency-change *.gradle*'],
    ['dotnet restore a/a.csproj', 'install dependency-change a/a.csproj'],
    ['dotnet publish', 'compile source-change *.*proj'],
    ['mix local.hex --force', 'install never'],
    ['mix release', 'compile source-change'],
    ['cargo chef cook --release --recipe-path r.json', 'install dependency-change r.json'],
    ['cargo chef prepare', 'compile source-change'],
    ['pnpm fetch', 'install dependency-change pnpm-lock.yaml pnpm-workspace.yaml*'],
    ['npm install $HOME/lib', undefined],
    ['dotnet publish -c Release -o /app', 'compile source-change *.*proj'],
    ['dotnet publish src/a', 'compile source-change src/a/*.*proj'],
    ['dotnet build a.csproj', 'compile source-change a.csproj'],
    ['dotnet build a.sln', 'compile source-change'],
    ['dotnet publish --no-restore', 'compile source-change'],
    ['dotnet tool install x', 'install never'],
    ['dotnet tool restore', 'install dependency-change .config/dotnet-tools.json'],
    ['dotnet workload install wasm-tools', 'install never'],
    ['dotnet --info', undefined],
    ['sbt update', 'install dependency-change build.sbt project/'],
    ['sbt clean assembly -batch', 'compile source-change build.sbt project/'],
    ['lein deps', 'install dependency-change project.clj'],
    ['lein with-profile a uberjar', 'compile source-change project.clj'],
    ['clojure -P', 'install dependency-change deps.edn'],
    ['clj -T:build uber', 'compile source-change deps.edn'],
    ['swift package resolve', 'install dependency-change Package.swift Package.resolved*'],
    ['swift build -c release', 'compile source-change Package.swift Package.resolved*'],
    ['rebar3 get-deps', 'install dependency-change rebar.config rebar.lock*'],
    ['rebar3 as prod tar', 'compile source-change rebar.config rebar.lock*'],
    ['gleam deps download', 'install dependency-change gleam.toml manifest.toml*'],
    ['stack build --only-dependencies', 'install dependency-change stack.yaml stack.yaml.lock* package.yaml* *.cabal*'],
    ['stack --system-ghc install', 'compile source-change stack.yaml stack.yaml.lock* package.yaml* *.cabal*'],
    ['cabal v2-update', 'install never'],
    ['cabal build --only-dependencies', 'install dependency-change *.cabal cabal.project*'],
    ['nimble install -d -y', 'install dependency-change *.nimble'],
    ['nimble -y install --depsOnly', 'install dependency-change *.nimble'],
    ['nimble install -y', 'compile source-change *.nimble'],
    ['nimble install jester', 'install never'],
    ['deno install', 'install dependency-change deno.json deno.lock*'],
    ['deno install --entrypoint main.ts', 'compile source-change deno.json deno.lock*'],
    ['deno install -g jsr:@a/b', 'install never'],
    ['deno task build', undefined],
    [`julia -e 'using Pkg; Pkg.instantiate()'`, 'install dependency-change Project.toml Manifest.toml*'],
    [`julia -e 'using Pkg; Pkg.add("HTTP")'`, 'install never'],
    [`Rscript -e 'renv::restore()'`, 'install dependency-change renv.lock'],
    [`R -e 'remotes::install_deps()'`, 'install dependency-change DESCRIPTION'],
    ['opam install . --deps-only', 'install dependency-change *.opam'],
    ['opam install dune lwt', 'install never'],
    ['opam install .', undefined],
    ['conan install . --build=missing', 'install dependency-change conanfile.*'],
    ['vcpkg install', 'install dependency-change vcpkg.json vcpkg-configuration.json*'],
    ['vcpkg install fmt', 'install never'],
    ['pixi install', 'install dependency-change pixi.toml pixi.lock*'],
    ['carton install', 'install dependency-change cpanfile cpanfile.snapshot*'],
    ['zig build --fetch', 'install dependency-change build.zig build.zig.zon*'],
    ['zig build', 'compile source-change'],
    ['lerna bootstrap', 'install dependency-change package.json lerna.json'],
    ['hatch build', 'compile source-change'],
    ['mix deps.get', 'install dependency-change mix.exs mix.lock*'],
    ['dart pub get', 'install dependency-change pubspec.*'],
    ['shards install', 'install dependency-change shard.yml shard.lock*'],
    ['rustup component add clippy', 'install never'],
    [`Rscript -e 'install.packages("x")'`, 'install never'],
    ['git clone https://e.org/x', 'download never'],
    ['git clone ./x', undefined],
    ['curl -fsSLO https://e.org/x', 'download never'],
    ['curl http://localhost/x', undefined],
    ['make', 'compile source-change'],
    ['echo apt-get install', undefined],
  ])('of %s: %s', (run, expected) => {
    expect(need(run)).toBe(expected);
  });
});

describe('facts', () => {
  const factsOf = (text: string) => {
    const model = modelOf(text);
    const facts = layerFacts(model);
    const all = model.steps.flatMap((step) => facts.get(step) ?? []);
    return all.map(({ cost, volatility, reruns }) => `${cost} ${volatility} ${reruns}`);
  };
  const volatility = (line: string) => {
    return factsOf(`ARG GIT_SHA\nFROM a:1 AS b\nFROM a:1\nARG GIT_SHA\n${line}\n`).at(-1)?.split(' ')[1];
  };

  it.each([
    ['COPY . .', 'source-change'],
    ['COPY --exclude=*.md . .', 'source-change'],
    ['ADD ./ /x', 'source-change'],
    ['COPY src/ /x', 'source-change'],
    ['COPY app /x', 'source-change'],
    ['COPY lib/* /x', 'source-change'],
    ['COPY main.go go.mod /x', 'source-change'],
    ['COPY package*.json ./', 'dependency-change'],
    ['COPY --parents apps/*/package.json ./', 'dependency-change'],
    ['COPY entrypoint.sh /', 'dependency-change'],
    ['COPY rootfs /', 'dependency-change'],
    ['COPY config/app.py /', 'dependency-change'],
    ['COPY --from=b . .', 'never'],
    ['COPY --from=image:1 /src/ .', 'never'],
    ['COPY <<EOF /x\nEOF', 'never'],
    ['ADD https://e.org/x /x', 'never'],
    ['ADD https://e.org/x.git /x', 'dependency-change'],
    ['ADD https://e.org/x.git#v1.2 /x', 'never'],
    ['ARG BUILD_DATE', 'every-build'],
    ['ARG VERSION', 'never'],
    ['ARG GIT_REF=0123abc', 'never'],
    ['ENV V=$GIT_SHA', 'every-build'],
    ['ENV V=$OTHER', 'never'],
    ['RUN ls', 'never'],
    ['RUN --mount=type=bind,target=/x make', 'source-change'],
    ['RUN --mount=source=go.mod,target=/go.mod go mod download', 'dependency-change'],
    ['RUN --mount=type=cache,target=/src make', 'never'],
  ])('of %s: %s', (line, expected) => {
    expect(volatility(line)).toBe(expected);
  });

  it('leave the steps behind ONBUILD to the build that runs them', () => {
    expect(factsOf('FROM a:1\nONBUILD COPY . .\n')).toEqual([]);
  });

  it('tell what runs again, and what does not', () => {
    expect(factsOf('FROM a:1\nRUN npm ci\nCOPY . .\nRUN npm run build\nCOPY --link x.sh /\nRUN npm i -g x\n')).toEqual([
      'install never never',
      'copy source-change source-change',
      'compile never source-change',
      'copy dependency-change dependency-change',
      'install never source-change',
    ]);
  });

  it('give arguments to RUN alone, and to the stages that start from theirs', () => {
    expect(factsOf('FROM a:1 AS b\nARG GIT_SHA\nCOPY x.sh /\nFROM b\nWORKDIR /x\nRUN ls\nCOPY x.sh /\n')).toEqual([
      'metadata every-build every-build',
      'copy dependency-change dependency-change',
      'metadata never dependency-change',
      'copy never every-build',
      'copy dependency-change every-build',
    ]);
  });

  it('follow what COPY --from brings to its sources', () => {
    const stage = 'FROM a:1 AS b\nWORKDIR /src\nCOPY package.json .\nRUN npm ci\nCOPY . .\nRUN make -o /out/app\n';
    const copy = (path: string) => factsOf(`${stage}FROM a:1\nCOPY --from=b ${path} /x\n`).at(-1)?.split(' ')[1];
    expect(copy('/src/dist')).toBe('source-change');
    expect(copy('/out/app')).toBe('source-change');
    expect(copy('/src/node_modules')).toBe('dependency-change');
    expect(copy('/usr/local/bin/node')).toBe('never');
  });

  it('know a base image that differs in every build', () => {
    expect(factsOf('ARG GIT_SHA\nFROM a:$GIT_SHA\nRUN ls\n')).toEqual(['copy never every-build']);
  });

  it('blame the first step', () => {
    const model = modelOf('FROM a:1\nCOPY . .\nCOPY . .\nRUN ls\n');
    const last = model.steps.at(-1);
    expect(last && layerFacts(model).get(last)?.because).toBe(model.steps[0]);
  });
});

describe('late installs', () => {
  const late = (text: string) =>
    modelOf(text).lateInstalls.map(({ command, behind }) => {
      return `${command.name} ${behind.map(({ step, volatility }) => `${step.instruction.keyword} ${volatility}`)}`;
    });

  it.each([
    ['FROM a:1\nCOPY . .\nRUN npm ci && apk add b\n', ['npm COPY source-change', 'apk COPY source-change']],
    ['FROM a:1\nARG GIT_SHA\nRUN npm ci\n', ['npm ARG every-build']],
    ['FROM a:1\nARG GIT_SHA\nRUN npm ci && echo $GIT_SHA > /v\n', []],
    ['FROM a:1\nARG GIT_SHA\nENV V=$GIT_SHA\nRUN npm ci\n', ['npm ARG every-build,ENV every-build']],
    ['FROM a:1\nCOPY etc/ /etc/\nCOPY . .\nRUN npm ci\n', ['npm COPY source-change']],
    ['FROM a:1\nCOPY src .\nARG GIT_SHA\nRUN npm ci\n', ['npm COPY source-change', 'npm ARG every-build']],
    ['FROM a:1\nRUN npm ci\nCOPY . .\n', []],
    ['FROM a:1\nCOPY . .\nONBUILD RUN npm ci\n', []],
    ['FROM a:1 AS b\nCOPY . .\nFROM a:1\nRUN npm ci\n', []],
    ['FROM a:1 AS b\nCOPY . .\nFROM b\nRUN npm ci\n', ['npm COPY source-change']],
    ['FROM a:1\nCOPY . .\nRUN make && npm ci\n', []],
    ['FROM a:1\nCOPY . .\nRUN bash setup.sh && npm ci\n', []],
    ['FROM a:1\nCOPY . .\nRUN npm ci && ./x.sh\n', ['npm COPY source-change']],
    ['FROM a:1\nCOPY . .\nRUN echo x && make\n', []],
    ['FROM a:1\nRUN --mount=target=. npm ci\n', ['npm RUN source-change']],
  ])('of %j', (text, expected) => {
    expect(late(text)).toEqual(expected);
  });

  it('take time that grows with the file alone', () => {
    const text = `FROM a:1\n${'COPY . .\nARG GIT_SHA\nRUN npm ci && apt-get install -y x\n'.repeat(4000)}`;
    const start = cpuTime();
    expect(late(text)).toHaveLength(4000 * 2 * 2);
    // Of the processor: others may be at work on this machine.
    expect(cpuTime() - start).toBeLessThan(5000);
  });
});

describe('moves', () => {
  const fixed = (body: string) => {
    const text = `FROM a:1\n${body}`;
    const model = modelOf(text);
    const [group] = lateGroups(model, 'copy', (each: LateInstall) => each.need.work === 'install');
    const fix = group && reorder(model, group.lates);
    return fix && `${fix.safe ? 'safe' : 'unsafe'} ${applyEdits(text, fix.edits).slice(9)}`;
  };

  it.each([
    ['COPY . /app\nRUN apt-get install -y x\n', 'safe RUN apt-get install -y x\nCOPY . /app\n'],
    ['COPY . /app\nRUN apt-get install -y x', 'safe RUN apt-get install -y x\nCOPY . /app'],
    ['COPY . /\nRUN apt-get install -y x\n', 'unsafe RUN apt-get install -y x\nCOPY . /\n'],
    ['COPY . .\nRUN apt-get install -y x\n', 'unsafe RUN apt-get install -y x\nCOPY . .\n'],
    ['COPY . /app\nRUN npm i -g x\n', 'unsafe RUN npm i -g x\nCOPY . /app\n'],
    ['COPY . /app\nWORKDIR /app\nRUN apk add x\n', 'unsafe WORKDIR /app\nRUN apk add x\nCOPY . /app\n'],
    ['COPY . /app\nRUN apk add x && make\n', 'safe RUN apk add x\nCOPY . /app\nRUN make\n'],
    ['COPY . $X\nRUN apk add x\n', undefined],
    ['COPY . app\nWORKDIR /app\nRUN apk add x\n', undefined],
    ['COPY . /app\nVOLUME /app\nRUN apk add x\n', undefined],
    ['COPY . /app\nRUN ls /app\nRUN apk add x\n', undefined],
    ['COPY . /app\nCOPY x.sh /app/\nRUN apk add x\n', undefined],
    ['COPY . /app\nCOPY x.sh /x.sh\nRUN apk add x\n', 'unsafe COPY x.sh /x.sh\nRUN apk add x\nCOPY . /app\n'],
    ['COPY . /app\nRUN apk add x && make && rm -rf /var/cache/apk\n', undefined],
    ['COPY . /app\nRUN set -e; apk add x; make\n', undefined],
    ['COPY . /app\nRUN cd /app && npm ci\n', undefined],
    ['COPY . /app\nRUN composer install -d /app\n', undefined],
    [
      'COPY --chown=u . /app/\nRUN npm --prefix /app/web ci\n',
      'unsafe COPY --chown=u web/package*.json /app/web/\nRUN npm --prefix /app/web ci\nCOPY --chown=u . /app/\n',
    ],
    [
      'COPY backend /app\nRUN pip install -r /app/requirements.txt\n',
      'unsafe COPY backend/requirements.txt /app/\nRUN pip install -r /app/requirements.txt\nCOPY backend /app\n',
    ],
    ['COPY . /app\nRUN pip install -r /other/requirements.txt\n', undefined],
    ['COPY . /app\nRUN pip install -r requirements.txt\n', undefined],
  ])('of %j', (body, expected) => {
    expect(fixed(body)).toBe(expected);
  });
});

describe('words', () => {
  it.each([
    ['npm ci --omit=dev', 'npm ci'],
    ['python3 -m pip install x', 'python3 -m pip install'],
    ['apt-get -qq install -y x', 'apt-get install'],
    ['yarn', 'yarn'],
    ['git clone https://e.org/x', 'git clone'],
    ['dart pub get', 'dart pub get'],
  ])('%s is %s', (run, expected) => {
    const command = commandOf(run);
    expect(command && commandTitle(command)).toBe(expected);
  });

  it('lists', () => {
    expect(listing(['a'])).toBe('a');
    expect(listing(['a', 'b', 'a'])).toBe('a and b');
    expect(listing(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d and 2 more');
  });
});
