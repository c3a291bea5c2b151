import { describe, expect, it } from 'vitest';
import { parseReference } from '../../src/lint/semantic/image-reference.ts';
import { systemOf } from '../../src/lint/semantic/system.ts';
import { bashisms } from '../../src/lint/shell/bashisms.ts';

function found(text: string): string[] {
  const script = { text, segments: [{ at: 0, offset: 100 }] };
  return bashisms(script).map(({ kind, span, command }) => {
    return [kind, text.slice(span.start - 100, span.end - 100), command].filter((each) => each !== undefined).join(' ');
  });
}

describe('bashisms', () => {
  it.each([
    ['if [[ -f x && $(a == b) ]]; then source x; fi', ['test [[', 'source source']],
    ['a=(1 2); mkdir -p /a/{b,c}; for i in {1..3}; do x; done', ['array (1 2)', 'brace {b,c} mkdir', 'brace {1..3}']],
    ['cat <<<x; diff <(a) >(b)', ['here-string <<<', 'process <(a)', 'process >(b)']],
    ['c &> d; e &>>f; g >& h; i >&2 2>&1 >&- >&$fd', ['redirect &>', 'redirect &>>', 'redirect >&']],
    ['function k { :; }; l() { :; }; declare -A z; pushd x', ['function function', 'builtin declare', 'builtin pushd']],
    ['echo -e "a"; echo -ne x; echo -n x; echo x -e', ['echo-e -e', 'echo-e -ne']],
    ['[ a == b ]; test a == b; [ a = b ]; x == y', ['equals ==', 'equals ==']],
    ['echo ${a//x/y} ${a:0:1} ${b^^} ${c:-d} ${e#f}', ['replace ${a//x/y}', 'replace ${a:0:1}', 'replace ${b^^}']],
    ['a $(source y) "`[ x == y ]`"', ['source source', 'equals ==']],
    ['echo "{a,b}" {} {a} ${a}{b} "[[ x ]]" \'source x\'; A={a,b} b; sh -c "source x"', []],
    ['echo `echo \\`source x\\``', []],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('is bounded on deep nesting', () => {
    expect(() => found(`${'$('.repeat(5000)}source x${')'.repeat(5000)}`)).not.toThrow();
    expect(() => found(`${'('.repeat(5000)}[[ a ]]${')'.repeat(5000)}`)).not.toThrow();
  });
});

describe('systemOf', () => {
  it.each([
    ['debian', 'debian'],
    ['python:3.13-slim', 'debian'],
    ['public.ecr.aws/docker/library/node:24', 'debian'],
    ['mcr.microsoft.com/devcontainers/base:1-bullseye', 'debian'],
    ['openjdk:17-slim', 'debian'],
    ['openjdk:17', undefined],
    ['maven:3-amazoncorretto-21', undefined],
    ['python:3.13-alpine3.22', 'alpine'],
    ['alpine', 'alpine'],
    ['fedora:42', 'redhat'],
    ['registry.access.redhat.com/ubi9/ubi-minimal', 'redhat'],
    ['gcr.io/distroless/static:nonroot', 'distroless'],
    ['gcr.io/distroless/static:debug-nonroot', undefined],
    ['acme/python:3', undefined],
  ])('%s is %s', (name, system) => {
    const image = parseReference(name);
    expect(image && systemOf({ kind: 'image', image })).toBe(system);
  });
});
