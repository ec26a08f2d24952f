// Makes the npm package of one platform, which holds the library and its licences:
//
//     node platform.mjs linux-x64-gnu path/to/libmlab.so FOLDER && npm pack ./FOLDER
//
// Of a library out of an unpacked archive (packaging/archive.sh), the NOTICE is the archive's, which has the texts of all
// licences; that of the sources lists what is inside.
//
// Its version is that of the main package, which takes it as an optional dependency: npm installs the one that fits.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [platform, library, folder] = process.argv.slice(2);
const main = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const name = `${main.name}-${platform}`;
if (!folder || !(name in main.optionalDependencies)) {
  const known = Object.keys(main.optionalDependencies).map((each) => each.slice(main.name.length + 1));
  console.error(`usage: node platform.mjs PLATFORM LIBRARY FOLDER, with one of ${known.join(', ')}`);
  process.exit(2);
}
const [os, cpu, libc] = platform.split('-');
const file = { linux: 'libmlab.so.0', darwin: 'libmlab.0.dylib', win32: 'mlab.dll' }[os];
mkdirSync(folder, { recursive: true });
copyFileSync(library, join(folder, file));
const licences = ['LICENSE-APACHE', 'LICENSE-MIT'];
for (const each of licences) copyFileSync(fileURLToPath(new URL(each, import.meta.url)), join(folder, each));
const archived = join(dirname(library), '../share/doc/mlab/NOTICE');
copyFileSync(existsSync(archived) ? archived : fileURLToPath(new URL('../../NOTICE', import.meta.url)), join(folder, 'NOTICE'));
const manifest = {
  name,
  version: main.version,
  description: `The native library of ${main.name} for ${platform}`,
  license: main.license,
  repository: main.repository,
  main: file,
  files: [file, ...licences, 'NOTICE'],
  os: [os],
  cpu: [cpu],
  ...(libc && { libc: [libc === 'gnu' ? 'glibc' : libc] }),
};
writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2) + '\n');
