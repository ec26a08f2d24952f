// Finds the native library and loads it, once a process.
'use strict';
const koffi = require('koffi');
const raw = require('./raw.cjs');

/** What the loader of a system calls it, where it is installed there. */
const SYSTEM_NAME = { linux: 'libmlab.so.0', darwin: 'libmlab.0.dylib', win32: 'mlab.dll' };

/** The C library that this Node runs on; musl's has no version in the report. */
function libc() {
  if (process.platform !== 'linux') return '';
  const { report } = process;
  const before = report.excludeNetwork;
  // Without it the report looks up a name for each open connection.
  report.excludeNetwork = true;
  try {
    return report.getReport().header.glibcVersionRuntime ? '-gnu' : '-musl';
  } finally {
    report.excludeNetwork = before;
  }
}

function find() {
  if (process.env.MLAB_LIBRARY) return process.env.MLAB_LIBRARY;
  try {
    return require.resolve(`mlab-client-${process.platform}-${process.arch}${libc()}`);
  } catch {
    return SYSTEM_NAME[process.platform] ?? SYSTEM_NAME.linux;
  }
}

function load() {
  const path = find();
  let functions;
  try {
    const library = koffi.load(path);
    // Node itself calls that one by its address: see workers.cjs.
    functions = { ...raw.bind(library), addressOfFree: library.symbol('mlab_client_free') };
  } catch (cause) {
    throw new Error(
      `the native library of mlab-client cannot be loaded from ${path}: install it with npm's optional dependencies, ` +
        'or from the system, or name its file in MLAB_LIBRARY',
      { cause },
    );
  }
  const [abi, version] = [functions.mlab_abi_version(), functions.mlab_version_number()];
  if (abi !== raw.MLAB_ABI_VERSION || version < raw.MLAB_VERSION_NUMBER) {
    throw new Error(`${path} is mlab ${functions.mlab_version()} with ABI ${abi}; this needs ${raw.MLAB_VERSION} or later with ABI ${raw.MLAB_ABI_VERSION}`);
  }
  return functions;
}

module.exports = load();
