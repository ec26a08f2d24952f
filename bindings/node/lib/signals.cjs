// Hears an AbortSignal, which many calls may share.
'use strict';
const { setMaxListeners } = require('node:events');
const { refuse } = require('./settings.cjs');

/** Throws the signal's reason once it has aborted, and an ArgumentError where it is none. */
function throwIfAborted(signal) {
  if (signal === undefined || signal === null) return;
  if (typeof signal.addEventListener !== 'function') throw refuse('signal: must be an AbortSignal');
  if (signal.aborted) throw signal.reason;
}

/** Calls `stop` when the signal aborts, if there is one. Gives what ends that. */
function onAbort(signal, stop) {
  if (!signal) return () => {};
  try {
    setMaxListeners(0, signal); // From the eleventh listener on Node would speak of a leak.
  } catch {
    // Not a signal of Node's own: nobody counts.
  }
  signal.addEventListener('abort', stop);
  return () => signal.removeEventListener('abort', stop);
}

module.exports = { onAbort, throwIfAborted };
