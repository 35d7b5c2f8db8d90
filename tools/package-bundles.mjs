// Bundles a package for publication: its compiled modules in `build` become few files in `dist`. A newcomer's install is
// smaller then, and a command reads a few files at its start instead of a hundred.
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, relative } from 'node:path';
import { dts } from 'rollup-plugin-dts';

const isOutside = (id) => !id.startsWith('.') && !isAbsolute(id);

/** Modules keep their own address: `import.meta.url` in `build/cli/command.js` becomes that of `dist/cli/command.js`. */
const ownAddresses = {
  name: 'own-addresses',
  resolveImportMeta(property, { chunkId, moduleId }) {
    if (property !== 'url') return null;
    const own = relative(dirname(chunkId), relative('build', moduleId));
    return `new URL(${JSON.stringify(own)}, import.meta.url).href`;
  },
};

const typesOf = ({ types: file }) => file.replace(/^\.\/dist\//, '');

/** Names the modules of a package's entry points: its exports, its commands and what else is loaded by its path. */
function entriesOf({ exports, bin }, more, apart) {
  const files = [...Object.values(exports).map((entry) => entry.default), ...Object.values(bin)];
  const names = files.filter(Boolean).map((file) => file.replace(/^(?:\.\/)?dist\/|\.js$/g, ''));
  const own = [...names, ...more].filter((name) => !apart.includes(name));
  return Object.fromEntries(own.map((name) => [name, `build/${name}.js`]));
}

/**
 * Returns the configurations for the package in this folder.
 *
 * @param {{ more?: string[], apart?: string[], together?: (module: string) => string | undefined }} options `more` are entry
 *   points that the manifest does not name, and `apart` some that it names and that are bundled elsewhere; `together` names
 *   the chunk of a module that no other rule decides
 */
export function packageBundles({ more = [], apart = [], together = () => undefined } = {}) {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  const types = Object.values(manifest.exports).filter((entry) => entry.types);
  const output = {
    dir: 'dist',
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    hoistTransitiveImports: false,
  };
  return [
    {
      input: entriesOf(manifest, more, apart),
      external: isOutside,
      plugins: [ownAddresses],
      output: { ...output, manualChunks: (id) => together(relative('build', id)) },
    },
    {
      input: Object.fromEntries(
        types.map((entry) => [typesOf(entry).replace(/\.d\.ts$/, ''), `build/${typesOf(entry)}`]),
      ),
      external: isOutside,
      plugins: [dts()],
      output: { ...output, entryFileNames: '[name].d.ts', chunkFileNames: 'chunks/[name].ts' },
    },
  ];
}
