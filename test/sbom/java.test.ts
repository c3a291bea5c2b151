import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { catalogFiles } from '../support/catalog-files.ts';
import type { Files } from '../support/memory-tree.ts';
import { zip } from '../support/zip.ts';

const purls = (files: Files) => catalogFiles(files).components.map(({ purl }) => purl);

const MANIFEST = 'META-INF/MANIFEST.MF';

function properties(group: string, artifact: string, version: string) {
  return {
    [`META-INF/maven/${group}/${artifact}/pom.properties`]: `groupId=${group}\nartifactId=${artifact}\nversion=${version}\n`,
  };
}

function manifest(fields: Readonly<Record<string, string>>) {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return { [MANIFEST]: `Manifest-Version: 1.0\r\n${lines.join('')}\r\nName: x\r\nImplementation-Version: 9\r\n` };
}

test('archives in archives, to any depth', () => {
  const inner = zip(properties('org.a', 'inner', '1.0'));
  const middle = zip({ ...properties('org.b', 'middle', '2.0'), 'lib/inner-1.0.jar': inner });
  const { components } = catalogFiles({
    'srv/app.war': zip({ 'WEB-INF/lib/middle-2.0.jar': middle, 'WEB-INF/web.xml': '<web-app/>' }),
    'srv/inner.jar': inner,
  });
  expect(components.map(({ purl, occurrences }) => [purl, occurrences])).toEqual([
    ['pkg:maven/org.a/inner@1.0', ['srv/app.war!/WEB-INF/lib/middle-2.0.jar!/lib/inner-1.0.jar', 'srv/inner.jar']],
    ['pkg:maven/org.b/middle@2.0', ['srv/app.war!/WEB-INF/lib/middle-2.0.jar']],
  ]);
  expect(components[0]?.hashes).toContainEqual({
    algorithm: 'SHA-256',
    value: createHash('sha256').update(inner).digest('hex'),
  });
});

test('a name that stands for any version tells none', () => {
  const jar = zip(manifest({ 'Implementation-Version': '4.3.30.RELEASE' }));
  expect(purls({ 'usr/share/java/spring3-core-3.x.jar': jar })).toEqual(['pkg:generic/spring3-core@4.3.30.RELEASE']);
});

test('a damaged inner archive hides nothing of the others', () => {
  const files = { 'lib/bad.jar': 'PK\x03\x04 cut', 'lib/good-1.0.jar': zip(properties('org.a', 'good', '1.0')) };
  expect(purls({ 'app.ear': zip(files) })).toEqual(['pkg:maven/org.a/good@1.0']);
});

test('a jar behind a start script, as Spring Boot makes it', () => {
  const jar = zip({
    ...properties('org.app', 'app', '1.0'),
    'BOOT-INF/lib/x-3.0.jar': zip(properties('org.x', 'x', '3.0')),
  });
  expect(purls({ 'app.jar': Buffer.concat([Buffer.from('#!/bin/bash\nexec java -jar "$0"\n'), jar]) })).toEqual([
    'pkg:maven/org.app/app@1.0',
    'pkg:maven/org.x/x@3.0',
  ]);
});

test('projects that were shaded into a jar are listed, and the hash is of the jar that bears the name', () => {
  const { components } = catalogFiles({
    'lib/app-1.0.jar': zip({
      ...properties('org.app', 'app', '1.0'),
      ...properties('com.google.code.gson', 'gson', '2.10'),
    }),
  });
  expect(components.map(({ purl, confidence, hashes }) => [purl, confidence, hashes?.length ?? 0])).toEqual([
    ['pkg:maven/com.google.code.gson/gson@2.10', 0.9, 0],
    ['pkg:maven/org.app/app@1.0', 1, 2],
  ]);
});

describe('without files of Maven', () => {
  test('no group is made up', () => {
    const { components } = catalogFiles({
      'lib/some-thing-1.2.jar': zip(manifest({ 'Implementation-Version': '1.2', 'Implementation-Vendor': 'Acme' })),
    });
    expect(components).toMatchObject([
      { purl: 'pkg:generic/some-thing@1.2', confidence: 0.7, supplier: { name: 'Acme' } },
    ]);
  });

  test.each([
    [
      'spring-core-6.1.13',
      { 'Automatic-Module-Name': 'spring.core' },
      'pkg:maven/org.springframework/spring-core@6.1.13',
    ],
    [
      'spring-boot-3.3.4',
      { 'Automatic-Module-Name': 'spring.boot' },
      'pkg:maven/org.springframework.boot/spring-boot@3.3.4',
    ],
    [
      'tomcat-embed-core-10.1.30',
      { 'Bundle-SymbolicName': 'org.apache.tomcat-embed-core' },
      'pkg:maven/org.apache.tomcat.embed/tomcat-embed-core@10.1.30',
    ],
    [
      'hibernate-core-6.5.2.Final',
      { 'Bundle-SymbolicName': 'org.hibernate.orm.core' },
      'pkg:maven/org.hibernate.orm/hibernate-core@6.5.2.Final',
    ],
    [
      'hibernate-core-5.6.1.Final',
      { 'Automatic-Module-Name': 'org.hibernate.orm.core' },
      'pkg:maven/org.hibernate/hibernate-core@5.6.1.Final',
    ],
    ['spring-core-6.1.13', {}, 'pkg:generic/spring-core@6.1.13'],
    ['spring-core-6.1.13', { 'Automatic-Module-Name': 'com.example.spring' }, 'pkg:generic/spring-core@6.1.13'],
  ])('%s with %j is %s', (name, fields, purl) => {
    expect(purls({ [`lib/${name}.jar`]: zip(manifest(fields)) })).toEqual([purl]);
  });

  test('neither a version nor a name is none', () => {
    expect(purls({ 'lib/classes.jar': zip({ 'a/B.class': 'x' }) })).toEqual([]);
  });
});

test('jars of a Java runtime are that runtime', () => {
  const jar = zip(manifest({ 'Implementation-Version': '17.0.9' }));
  expect(
    purls({
      'opt/java/release': 'JAVA_VERSION="17.0.9"\nIMAGE_TYPE="JRE"\n',
      'opt/java/bin/java': 'x',
      'opt/java/lib/jrt-fs.jar': jar,
      'opt/app/lib/tool.jar': jar,
    }),
  ).toEqual(['pkg:generic/jre@17.0.9', 'pkg:generic/tool@17.0.9']);
});
