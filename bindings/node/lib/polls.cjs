// Single polls. The library has these as blocking calls alone, so they run on libuv's pool: at most half of its threads
// (or its only one), each for no longer than the request timeout, and none of them keeps the process from ending.
'use strict';
const mlab = require('./library.cjs');
const { onAbort } = require('./signals.cjs');

const POOL = Number(process.env.UV_THREADPOOL_SIZE) || 4;
const AT_ONCE = Math.max(1, Math.floor(POOL / 2));

/** Polls that wait for a thread, in their order. */
const waiting = new Set();
let running = 0;

/** Cancels of the polls that are under way; a pool's thread inside a call would keep process.exit() waiting. */
const cancels = new Set();
process.on('exit', () => cancels.forEach((cancel) => mlab.mlab_cancel_trigger(cancel)));

/** Resolves when it is a poll's turn; rejects once its signal aborts, or its client is closed. */
function turn(client, signal) {
  return new Promise((resolve, reject) => {
    const leave = (settle) => (value) => {
      waiting.delete(entry);
      deafen();
      settle(value);
    };
    const entry = { client, begin: leave(resolve), refuse: leave(reject) };
    const deafen = onAbort(signal, () => entry.refuse(signal.reason));
    waiting.add(entry);
  });
}

function done() {
  const [next] = waiting;
  if (next) next.begin();
  else running--;
}

/** Rejects the polls of a client that still wait for their turn. */
function dismiss(client, error) {
  for (const entry of waiting) if (entry.client === client) entry.refuse(error);
}

/** Calls `start(cancel, out, callback)` when it is its turn; the signal triggers the cancel. Gives the handle of the result. */
async function poll(client, signal, start) {
  if (running < AT_ONCE) running++;
  else await turn(client, signal);
  const cancel = mlab.mlab_cancel_new();
  const stop = () => mlab.mlab_cancel_trigger(cancel);
  const deafen = onAbort(signal, stop);
  cancels.add(cancel);
  try {
    if (signal?.aborted) stop();
    const out = [null];
    await new Promise((resolve, reject) => {
      start(cancel, out, (error) => (error ? reject(error) : resolve()));
    });
    return out[0];
  } finally {
    deafen();
    cancels.delete(cancel);
    mlab.mlab_cancel_free(cancel);
    done();
  }
}

module.exports = { poll, dismiss };
