// Ends the clients of a Worker that ends. No JavaScript runs in one that is terminated, not even for its 'exit': what Node
// calls then are functions of C.
'use strict';
const { isMainThread } = require('node:worker_threads');
const koffi = require('koffi');
const mlab = require('./library.cjs');

/** v8::Isolate::GetCurrent(), node::AddEnvironmentCleanupHook() and its counterpart, as compilers of C++ call them. */
const NAMES = process.platform === 'win32'
  ? [
      '?GetCurrent@Isolate@v8@@SAPEAV12@XZ',
      '?AddEnvironmentCleanupHook@node@@YAXPEAVIsolate@v8@@P6AXPEAX@Z1@Z',
      '?RemoveEnvironmentCleanupHook@node@@YAXPEAVIsolate@v8@@P6AXPEAX@Z1@Z',
    ]
  : [
      '_ZN2v87Isolate10GetCurrentEv',
      '_ZN4node25AddEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_',
      '_ZN4node28RemoveEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_',
    ];

/** Node's hooks for this thread; null where nothing is to be done, or a runtime is no Node. */
function find() {
  if (isMainThread) return null;
  try {
    const runtime = koffi.load(null);
    const [current, add, remove] = NAMES;
    const isolate = runtime.func(current, 'void *', [])();
    const hook = (name) => runtime.func(name, 'void', ['void *', 'void *', 'void *']).bind(null, isolate, mlab.addressOfFree);
    return { add: hook(add), remove: hook(remove) };
  } catch {
    return null;
  }
}

const hooks = find();

/** Has a client freed when its Worker ends. Gives what calls that off, for whoever frees it before. */
function freeWithWorker(client) {
  hooks?.add(client);
  return () => hooks?.remove(client);
}

module.exports = { freeWithWorker };
