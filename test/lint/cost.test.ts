import { describe, expect, it } from 'vitest';
import { lateInstalls, needOf, volatilityOf } from '../../src/lint/cost.ts';
import { parse } from '../../src/lint/parse.ts';
import { analyze } from '../../src/lint/semantic.ts';

function modelOf(text: string) {
  return analyze(parse({ path: '', text }));
}

describe('needs', () => {
  const need = (run: string) => {
    const command = modelOf(`FROM a:1\nRUN ${run}\n`).commands.at(-1)?.command;
    const found = command && needOf(command);
    return found && `${found.work} ${found.volatility}`;
  };

  it.each([
    ['apt-get install -y curl', 'install never'],
    ['sudo apk add --no-cache curl', 'install never'],
    ['apt-get install -y ./x.deb', undefined],
    ['apt-get install $(cat list)', undefined],
    ['apt-get update', undefined],
    ['npm ci', 'install dependency-change'],
    ['npm install', 'install dependency-change'],
    ['npm i -g serve', 'install never'],
    ['npm install ./lib', undefined],
    ['npm run build', 'compile source-change'],
    ['yarn', 'install dependency-change'],
    ['pip install flask', 'install never'],
    ['pip install -r r.txt', 'install dependency-change'],
    ['pip install .', 'compile source-change'],
    ['uv sync', 'compile source-change'],
    ['uv sync --no-install-project', 'install dependency-change'],
    ['poetry install', 'compile source-change'],
    ['poetry install --no-root', 'install dependency-change'],
    ['bundle', 'install dependency-change'],
    ['go mod download', 'install dependency-change'],
    ['go install a.b/c@v1', 'install never'],
    ['go build ./...', 'compile source-change'],
    ['cargo fetch', 'install dependency-change'],
    ['cargo install ripgrep', 'install never'],
    ['mvn dependency:go-offline', 'install dependency-change'],
    ['mvn package', 'compile source-change'],
    ['dotnet restore', 'install dependency-change'],
    ['conda env create -f e.yml', 'install dependency-change'],
    ['echo apt-get install', undefined],
  ])('of %s: %s', (run, expected) => {
    expect(need(run)).toBe(expected);
  });
});

describe('volatility', () => {
  const volatility = (line: string) => {
    const step = modelOf(`FROM a:1 AS b\nARG GIT_SHA\nFROM a:1\nARG GIT_SHA\n${line}\n`).steps.at(-1);
    return step && volatilityOf(step);
  };

  it.each([
    ['COPY . .', 'source-change'],
    ['ADD ./ /x', 'source-change'],
    ['COPY src/ /x', 'source-change'],
    ['COPY app /x', 'source-change'],
    ['COPY lib/* /x', 'source-change'],
    ['COPY package*.json ./', 'dependency-change'],
    ['COPY entrypoint.sh /', 'dependency-change'],
    ['COPY --from=b . .', 'never'],
    ['COPY <<EOF /x\nEOF', 'never'],
    ['ADD https://e.org/x /x', 'never'],
    ['ONBUILD COPY . .', 'never'],
    ['ARG BUILD_DATE', 'every-build'],
    ['ARG VERSION', 'never'],
    ['ENV V=$GIT_SHA', 'every-build'],
    ['ENV V=$OTHER', 'never'],
    ['RUN ls', 'never'],
  ])('of %s: %s', (line, expected) => {
    expect(volatility(line)).toBe(expected);
  });
});

describe('late installs', () => {
  const late = (text: string) =>
    [...lateInstalls(modelOf(text))].map(({ command, behind, volatility }) => {
      return `${command.name} ${behind.instruction.keyword} ${volatility}`;
    });

  it.each([
    ['FROM a:1\nCOPY . .\nRUN npm ci && apk add b\n', ['npm COPY source-change', 'apk COPY source-change']],
    ['FROM a:1\nARG GIT_SHA\nRUN npm ci\n', ['npm ARG every-build']],
    ['FROM a:1\nARG GIT_SHA\nRUN npm ci && echo $GIT_SHA > /v\n', []],
    ['FROM a:1\nARG GIT_SHA\nENV V=$GIT_SHA\nRUN npm ci\n', ['npm ARG every-build']],
    ['FROM a:1\nCOPY etc/ /etc/\nCOPY . .\nRUN npm ci\n', ['npm COPY source-change']],
    ['FROM a:1\nRUN npm ci\nCOPY . .\n', []],
    ['FROM a:1\nCOPY . .\nONBUILD RUN npm ci\n', []],
    ['FROM a:1 AS b\nCOPY . .\nFROM a:1\nRUN npm ci\n', []],
    ['FROM a:1\nCOPY . .\nRUN make && npm ci\n', []],
    ['FROM a:1\nCOPY . .\nRUN bash setup.sh && npm ci\n', []],
    ['FROM a:1\nCOPY . .\nRUN npm ci && ./x.sh\n', ['npm COPY source-change']],
    ['FROM a:1\nCOPY . .\nRUN echo x && make\n', []],
  ])('of %j', (text, expected) => {
    expect(late(text)).toEqual(expected);
  });
});
