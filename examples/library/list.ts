// Lists what lies in each layer. `dlint/layers` has images alone: neither rules nor catalogers are loaded.
import { openImage, scanLayers } from 'dlint/layers';

const image = await openImage(process.argv[2] ?? 'image.tar');
const records = await scanLayers(image);
for (const [i, { entries }] of records.entries()) {
  for (const { path, kind, size } of entries) if (kind === 'file') console.log(`${i + 1} ${size} ${path}`);
}
