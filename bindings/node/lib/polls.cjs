// Single polls. The library has these as blocking calls alone, so they run on libuv's pool: at most half of its threads,
// each for no longer than the request timeout, and none of them keeps the process from ending.
'use strict';
const mlab = require('./library.cjs');

const POOL = Number(process.env.UV_THREADPOOL_SIZE) || 4;
const AT_ONCE = Math.max(1, Math.floor(POOL / 2));

const waiting = [];
let running = 0;

/** Cancels of the polls that are under way; a pool's thread inside a call would keep process.exit() waiting. */
const cancels = new Set();
process.on('exit', () => cancels.forEach((cancel) => mlab.mlab_cancel_trigger(cancel)));

function turn() {
  if (running < AT_ONCE) {
    running++;
    return Promise.resolve();
  }
  return new Promise((resolve) => waiting.push(resolve));
}

function done() {
  const next = waiting.shift();
  if (next) next();
  else running--;
}

/** Calls `start(cancel, callback)` when it is its turn; the signal triggers the cancel. Gives the handle of the result. */
async function poll(signal, start) {
  await turn();
  const cancel = mlab.mlab_cancel_new();
  const stop = () => mlab.mlab_cancel_trigger(cancel);
  cancels.add(cancel);
  try {
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    const out = [null];
    await new Promise((resolve, reject) => {
      start(cancel, out, (error) => (error ? reject(error) : resolve()));
    });
    return out[0];
  } finally {
    signal?.removeEventListener('abort', stop);
    cancels.delete(cancel);
    mlab.mlab_cancel_free(cancel);
    done();
  }
}

module.exports = { poll };
