import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSORS = { br: promisify(brotliCompress), gz: promisify(gzip) };
/** Smaller files are not worth the trouble. */
const LEAST = 1024;

/** Writes scripts and styles compressed as well, so that the server need not do it for each request. */
export function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    async writeBundle({ dir = 'dist' }, bundle) {
      for (const file of Object.values(bundle)) {
        const content = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        if (/\.(?:js|css)$/.test(file.fileName) && content.length >= LEAST) {
          for (const [ending, compressed] of Object.entries(COMPRESSORS)) {
            await writeFile(join(dir, `${file.fileName}.${ending}`), await compressed(content));
          }
        }
      }
    },
  };
}
