import { describe, expect, test } from 'vitest';
import { readCopyright } from '../../src/sbom/debian-copyright.ts';
import { isLicenseId } from '../../src/sbom/license.ts';
import { licensesInText } from '../../src/sbom/license-text.ts';
import { readMetadata } from '../../src/sbom/python-metadata.ts';
import { cpuTime } from '../support/cpu-time.ts';

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a
copy of this software and associated documentation files (the "Software"), to deal in the Soft-
ware without restriction, including without limitation the rights to use … subject to:

The above copyright notice and this permission notice (including the next paragraph) shall be
included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND`;
const BSD2 = `Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 * 1. Redistributions of source code must retain the above copyright notice.
 * 2. Redistributions in binary form must reproduce the above copyright notice.`;
const BSD3 = `${BSD2}
 * 3. Neither the name of the author may be used to endorse or promote products`;
const BSD4 = `${BSD3}
 * 4. All advertising materials mentioning features or use of this software must display …`;
const ISC = `Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted, provided that the above copyright notice and this
permission notice appear in all copies. THE SOFTWARE IS PROVIDED "AS IS"`;
const X_SELL = `Permission to use, copy, modify, distribute, and sell this software and its
documentation for any purpose is hereby granted without fee, provided that … appear in supporting documentation.`;
const GPL = (lesser: string, version: string, later: string) =>
  `you can redistribute it and/or modify it under the terms of the GNU ${lesser}General Public License as published by
the Free Software Foundation; either version ${version} of the License${later}.`;

describe('licences by their own words', () => {
  test.each([
    ['MIT', MIT],
    ['X11', `${MIT}\nExcept as contained in this notice, the name of the X Consortium shall not be used`],
    ['BSD-2-Clause', BSD2],
    ['BSD-3-Clause', BSD3],
    ['BSD-4-Clause', BSD4],
    ['ISC', ISC],
    ['0BSD', ISC.replace(/, provided that[^.]*\./, '.')],
    ['HPND-sell-variant', X_SELL],
    [
      'MIT-open-group',
      `${X_SELL}\nThe above … shall be included in all copies or substantial portions of the Software.`,
    ],
    ['LGPL-2.1-or-later', GPL('Lesser ', '2.1', ', or (at your option) any later version')],
    ['GPL-2.0-only', GPL('', '2', '')],
    ['AGPL-3.0-or-later', GPL('Affero ', '3', ', or (at your option) any later version')],
  ])('%s', (id, text) => {
    expect(isLicenseId(id)).toBe(true);
    expect(licensesInText(`Copyright 2001 Somebody\n\n${text}\n`)).toEqual([id]);
  });

  test('several, in their order', () => {
    expect(licensesInText([BSD3, MIT, BSD2, ISC].join('\n\n'))).toEqual(['BSD-3-Clause', 'MIT', 'BSD-2-Clause', 'ISC']);
  });

  test('a grant without its conditions is none', () => {
    expect(
      licensesInText('Redistribution and use in source and binary forms, with or without modification, are permitted.'),
    ).toEqual([]);
    expect(
      licensesInText('Permission is hereby granted, free of charge, to any person obtaining a copy of this software'),
    ).toEqual([]);
    expect(licensesInText('This is free software.')).toEqual([]);
  });

  test('a long text takes no long time', () => {
    const start = cpuTime();
    licensesInText(`${BSD2} `.repeat(4000));
    licensesInText('a-\n'.repeat(300_000));
    licensesInText('redistribute it and or modify it under the terms of the gnu '.repeat(20_000));
    expect(cpuTime() - start).toBeLessThan(5000);
  });
});

test('the License field of Python metadata that holds the text', () => {
  const field = (text: string) => text.replaceAll('\n', '\n        ').replace(/\n\s*\n/g, '\n');
  const read = (text: string) => readMetadata(`Name: a\nVersion: 1\nLicense: ${field(text)}\nHome-page: x\n`);
  expect(read(`Copyright A\n${BSD3}`)).toMatchObject({
    declaredLicense: 'BSD-3-Clause',
    concludedLicense: 'BSD-3-Clause',
  });
  expect(read(`${MIT}\n${BSD3}`).declaredLicense).toBeUndefined();
  expect(read('See the file\nLICENSE').declaredLicense).toBeUndefined();
});

describe('copyright files of Debian', () => {
  test('free text: what is mentioned and what is copied', () => {
    const text = `It was downloaded from x.\n\n${MIT}\n\nThe rest is under the GNU LGPL, version 2.1 or any later version, see /usr/share/common-licenses/LGPL-2.1\n`;
    expect(readCopyright(text)?.concluded).toBe('LGPL-2.1-or-later AND MIT');
  });

  test('a name of the packager means what its text says', () => {
    const file = (name: string, text: string) =>
      `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: ${name}\n\nLicense: ${name}\n${text.replace(/^/gm, ' ')}\n`;
    expect(readCopyright(file('Go', BSD3))).toEqual({ declared: 'Go', concluded: 'BSD-3-Clause' });
    expect(readCopyright(file('Expat', BSD3))?.concluded).toBe('MIT');
    expect(readCopyright(file('custom', `${BSD3}\n.\n${MIT.replace('\n\n', '\n')}`))?.concluded).toBe(
      'LicenseRef-custom',
    );
  });
});
