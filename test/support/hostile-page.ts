import { inspectImage } from '../../src/layers/inspect.ts';
import type { ImageReport } from '../../src/report/image-report.ts';
import { dockerArchive, tarOf, temporaryFile } from './images.ts';

/** Names and instructions that try to be markup, end a script, or turn the line around. */
export const HOSTILE = [
  '<img src=x onerror=alert(1)>.txt',
  '</script><script>alert(2)</script>',
  '<!--<script>',
  '"\' onmouseover=alert(3) x="',
  'a\u2028b\u2029c',
  '\u202egnp.exe',
  'line\nend\ttab',
  '&lt;b&gt;&amp;',
  '__proto__',
  'constructor',
  `]]>${'${alert(4)}'}\`\\`,
];

/** An image whose every text is hostile, with a name that is no UTF-8. */
export async function inspectHostile(): Promise<ImageReport> {
  const low = await tarOf([
    ...HOSTILE.map((name) => ({ name: `etc/${name}`, body: name })),
    { name: 'etc/bytes-QQ', body: 'no UTF-8' },
    { name: 'etc/link', type: 'symlink' as const, linkname: HOSTILE[0] as string },
    { name: 'opt/big', body: 'x'.repeat(5000) },
  ]);
  const high = await tarOf([
    { name: 'opt/.wh.big', body: '' },
    { name: 'opt/moved', body: 'x'.repeat(5000) },
    { name: `etc/${HOSTILE[0]}`, body: 'another', mode: 0o600, uid: 7 },
  ]);
  const text = HOSTILE.join(' ');
  const archive = await dockerArchive([notUtf8(low), high], 'app:1', {
    history: [{ created_by: `RUN echo ${text}` }, { created_by: text }],
    config: {
      User: text,
      Env: [`A=${text}`, 'DB_PASSWORD=correct-horse'],
      Cmd: [text],
      Labels: { [text]: text },
    },
  });
  return await inspectImage(temporaryFile(archive), { tool: { name: 'dlint', version: '0' } });
}

/** `QQ` in a header becomes two bytes that UTF-8 does not have; the checksum follows. */
function notUtf8(tar: Buffer): Buffer {
  const at = tar.indexOf('bytes-QQ') + 'bytes-'.length;
  const header = at - (at % 512);
  const sum = Number.parseInt(tar.toString('latin1', header + 148, header + 154), 8);
  tar.set([0xff, 0xfe], at);
  tar.write((sum + 0xff + 0xfe - 2 * 0x51).toString(8).padStart(6, '0'), header + 148, 'latin1');
  return tar;
}
