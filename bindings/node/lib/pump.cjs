// Delivers the events of a client's jobs inside Node's own loop: no thread of libuv's pool is ever parked.
'use strict';
const net = require('node:net');
const { setTimeout, clearTimeout, performance } = require('./clock.cjs');
const koffi = require('koffi');
const mlab = require('./library.cjs');
const { EventKind, Status } = require('./raw.cjs');
const { errorFor } = require('./errors.cjs');
const { take, known } = require('./result.cjs');
const { freeWithWorker } = require('./workers.cjs');

const KINDS = { [EventKind.PROGRESS]: 'progress', [EventKind.DONE]: 'done', [EventKind.IMAGE]: 'image' };

/** Where there is no descriptor (Windows, Bun, none free): a pull costs about a microsecond, a frame passes meanwhile. */
const SLICE_MS = 20;

/** fcntl()'s F_DUPFD_CLOEXEC: a copy that no child inherits. */
const DUPLICATE = { linux: 1030, darwin: 67, freebsd: 17 }[process.platform];

/** A copy of the client's descriptor, since a socket closes what it reads, and that one is the client's. */
function duplicate(fd) {
  if (fd < 0 || DUPLICATE === undefined) return -1;
  duplicate.fcntl ??= koffi.load(null).func('int fcntl(int, int, ...)');
  return duplicate.fcntl(fd, DUPLICATE, 'int', 3);
}

function describe(handle, kind) {
  const result = kind === 'progress' ? null : mlab.mlab_event_take_result(handle);
  return {
    kind,
    status: mlab.mlab_event_status(handle),
    polls: mlab.mlab_event_polls(handle),
    elapsedMs: Number(mlab.mlab_event_elapsed_ms(handle)),
    etaMs: known(mlab.mlab_event_eta_ms(handle)),
    nextPollMs: known(mlab.mlab_event_next_poll_ms(handle)),
    bytesDone: Number(mlab.mlab_event_bytes_done(handle)),
    bytesTotal: known(mlab.mlab_event_bytes_total(handle)),
    ...(kind === 'image' && { index: mlab.mlab_event_index(handle) }),
    ...(result !== null && { result: take(result) }),
  };
}

/** Ends a client, and what listened to it. Waits for what still runs inside, up to a second: not on the loop. */
function free({ client, socket, unhook }) {
  unhook();
  socket?.removeAllListeners('close').destroy();
  return new Promise((resolve) => mlab.mlab_client_free.async(client, () => resolve()));
}

/** Pumps with something to come. One without is its Client's alone, so that a forgotten Client goes, and ends. */
const busy = new Set();
const forgotten = new FinalizationRegistry(free);

/** One client, its open jobs by their tags, and what wakes them. */
class Pump {
  /** What has to be ended, whoever forgets it. */
  #native;
  #exchanges;
  #jobs = new Map();
  #lastTag = 0;
  #timer = null;
  #timerAt = Infinity;
  /** What the loop holds of this: a forgotten client goes. */
  #self = new WeakRef(this);
  #pulling = false;
  #whenEnded = null;
  #ended;
  /** Whether the client has said that nothing more comes. */
  #isOver = false;

  /** `exchanges` are pulled beside the events; null where the library does the HTTP. */
  constructor(client, exchanges = null) {
    this.#native = { client, socket: null, unhook: freeWithWorker(client) };
    this.#exchanges = exchanges;
    forgotten.register(this, this.#native, this);
  }

  get isClosed() {
    return this.#whenEnded !== null;
  }

  /**
   * A number for a job to come. It is known before the job is, whose first event may be early. The listener has
   * `deliver(event)`, `end(result)` if the result is all that it wants to know of the last event, and `fail(error)` for the
   * end of a job that has no event any more; none of them throws.
   */
  register(listener) {
    this.#jobs.set(++this.#lastTag, listener);
    return this.#lastTag;
  }

  forget(tag) {
    this.#jobs.delete(tag);
    this.#settle();
  }

  /** A job was submitted. */
  begun() {
    this.#listen();
    this.#settle();
  }

  /** Pulls all that is there. */
  pull() {
    if (this.#pulling || this.#isOver) return; // From inside a listener: the outer call goes on.
    this.#pulling = true;
    try {
      const out = [null];
      let status;
      while ((status = mlab.mlab_client_next_event(this.#native.client, 0, out)) === Status.OK) this.#deliver(out[0]);
      if (status < 0) this.#finish(status);
      this.#exchanges?.pull();
    } finally {
      this.#pulling = false;
      this.#settle();
    }
  }

  #deliver(handle) {
    const tag = Number(mlab.mlab_event_tag(handle));
    const kind = KINDS[mlab.mlab_event_kind(handle)];
    const job = this.#jobs.get(tag);
    if (kind === 'done') this.#jobs.delete(tag);
    let tell;
    try {
      // One of a later library's kind is nobody's.
      if (job === undefined || kind === undefined) return;
      if (kind === 'done' && job.end) {
        const result = take(mlab.mlab_event_take_result(handle));
        tell = () => job.end(result);
      } else {
        const event = describe(handle, kind);
        tell = () => job.deliver(event);
      }
    } catch (error) {
      // Most likely there is no memory for the images. Other jobs go on.
      this.#jobs.delete(tag);
      mlab.mlab_client_cancel_job(this.#native.client, mlab.mlab_event_job(handle));
      job.fail(error);
      return;
    } finally {
      mlab.mlab_event_free(handle);
    }
    tell();
  }

  /** No event comes any more: a close is the usual reason, and then no job is open. */
  #finish(status) {
    this.close();
    this.#isOver = true;
    const left = [...this.#jobs.values()];
    this.#jobs.clear();
    for (const job of left) job.fail(errorFor(status));
  }

  #listen() {
    if (this.#native.socket !== null || process.versions.bun) return;
    const fd = duplicate(mlab.mlab_client_event_fd(this.#native.client));
    if (fd < 0) return;
    const pump = this.#self;
    const deaf = () => pump.deref()?.#deaf();
    const callback = () => {
      pump.deref()?.pull();
      return true;
    };
    // What it reads says nothing: into one buffer, past the machinery of streams, which takes longer than a pull.
    const onread = { buffer: Buffer.alloc(64), callback };
    this.#native.socket = new net.Socket({ fd, readable: true, writable: false, onread });
    this.#native.socket.on('error', deaf).on('close', deaf);
    this.#native.socket.resume();
  }

  /** The descriptor is gone: the clock has to do. */
  #deaf() {
    this.#native.socket = null;
    this.#settle();
  }

  /** The loop lives on while something is to come, and wakes when the library has something to do by itself. */
  #settle() {
    const { client, socket } = this.#native;
    if (this.#isOver) {
      this.#end();
      return;
    }
    if (this.#jobs.size === 0 && !this.isClosed) {
      busy.delete(this);
      if (socket === null) this.#hush();
      socket?.unref();
      return;
    }
    busy.add(this);
    socket?.ref();
    const due = Number(mlab.mlab_client_next_due_ms(client));
    if (socket === null) this.#wakeIn(due < 0 ? SLICE_MS : Math.min(due, SLICE_MS), true);
    else if (due >= 0) this.#wakeIn(Math.min(due, 0x7fffffff), false);
  }

  /** One that wakes earlier does as well, since it settles anew: the end of a job leaves its timer for the next. */
  #wakeIn(delay, keepsLoop) {
    const at = performance.now() + delay;
    if (this.#timer?.hasRef() === keepsLoop && this.#timerAt <= at) return;
    this.#hush();
    const wake = (pump) => {
      pump.deref()?.#hush();
      pump.deref()?.pull();
    };
    this.#timerAt = at;
    this.#timer = setTimeout(wake, delay, this.#self);
    if (!keepsLoop) this.#timer.unref();
  }

  #hush() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #end() {
    this.#hush();
    busy.delete(this);
    forgotten.unregister(this);
    free(this.#native).then(this.#ended);
  }

  /** Ends all jobs, and the client once they have told. Resolves when nothing of it runs. */
  close() {
    if (!this.isClosed) {
      this.#whenEnded = new Promise((resolve) => (this.#ended = resolve));
      mlab.mlab_client_shutdown(this.#native.client, 0);
      this.#exchanges?.close();
      // Not here: a listener may be who closes, from inside a pull.
      queueMicrotask(() => this.pull());
    }
    return this.#whenEnded;
  }
}

module.exports = { Pump };
