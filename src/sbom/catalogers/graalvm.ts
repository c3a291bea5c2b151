import type { ByteSource } from '../../layers/byte-source.ts';
import { wantsExecutable } from '../executables.ts';
import { gunzip } from '../formats/decompress.ts';
import { exportedSymbols } from '../formats/elf-symbols.ts';
import { bytesAt, type Executable, readExecutable } from '../formats/executable.ts';
import type { Cataloger } from '../package.ts';
import { readSbomDocument, type Told } from '../sbom-document.ts';

const MAX_PACKED = 16 << 20;
const MAX_DOCUMENT = 64 << 20;

/**
 * Programs that GraalVM compiled of Java: the SBOM that `native-image --enable-sbom` puts into them (graalvm.org,
 * "Software Bill of Materials (SBOM) in Native Image"): gzip at the symbol `sbom`, of `sbom_length` bytes.
 */
const graalvm: Cataloger = {
  name: 'graalvm',
  version: 1,
  files: [],
  reader: {
    ...wantsExecutable,
    read(bytes, _, once) {
      const executable = once(readExecutable);
      // Every native image keeps its heap there; symbols of others are not looked at.
      const isNativeImage =
        executable?.format === 'elf' && executable.sections.some(({ name }) => name === '.svm_heap');
      return isNativeImage ? readEmbedded(bytes, executable) : undefined;
    },
  },
  *catalog(view) {
    for (const { path, value } of view.readings<readonly Told[]>('graalvm')) {
      for (const one of value) yield { ...one, foundBy: 'graalvm', confidence: 0.9, evidence: [path] };
    }
  },
};
export default graalvm;

function readEmbedded(bytes: ByteSource, executable: Executable): readonly Told[] | undefined {
  const symbols = exportedSymbols(bytes, executable, ['sbom', 'sbom_length']);
  const at = symbols.get('sbom');
  const lengthAt = symbols.get('sbom_length');
  if (at === undefined || lengthAt === undefined) return undefined;
  const word = bytesAt(bytes, executable, lengthAt, 8);
  const length =
    word.length < 8 ? 0 : Number(executable.littleEndian ? word.readBigUInt64LE(0) : word.readBigUInt64BE(0));
  if (length === 0 || length > MAX_PACKED) return undefined;
  return readSbomDocument(gunzip(Buffer.from(bytesAt(bytes, executable, at, length)), MAX_DOCUMENT).toString('utf8'));
}
