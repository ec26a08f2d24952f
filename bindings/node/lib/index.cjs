// The client of mlab-client.
'use strict';
const mlab = require('./library.cjs');
const raw = require('./raw.cjs');
const errors = require('./errors.cjs');
const { Pump } = require('./pump.cjs');
const { Exchanges } = require('./transport.cjs');
const { onAbort, throwIfAborted } = require('./signals.cjs');
const { Result, take, checked } = require('./result.cjs');
const { text, idText, whole, refuse, withConfig, withRequest } = require('./settings.cjs');

const { Status, StatusGroup } = raw;

function keyFrom(given) {
  if (given !== undefined && given !== null) return text('key', given);
  const key = process.env.MODELSLAB_API_KEY || process.env.API_KEY;
  if (!key) throw refuse('key: none was given, and neither MODELSLAB_API_KEY nor API_KEY is set');
  return key;
}

/** A key, settings and kept connections, for any number of calls and jobs. Make one for each key. */
class Client {
  #handle;
  #pump;

  constructor(key, options = {}) {
    if (typeof key === 'object' && key !== null) [key, options] = [undefined, key];
    key = keyFrom(key);
    withConfig(options, (config) => {
      const out = [null];
      const status = mlab.mlab_client_new(key, config, out);
      if (status !== Status.OK) {
        const message = mlab.mlab_client_message(out[0]);
        mlab.mlab_client_free(out[0]);
        throw errors.errorFor(status, message);
      }
      this.#handle = out[0];
    });
    this.#pump = new Pump(this.#handle, options.transport ? new Exchanges(this.#handle, options.transport) : null);
  }

  /** Asks once: the images, or a result whose status is Status.PROCESSING. */
  async fetch(id, { signal } = {}) {
    id = idText(id);
    const make = () => {
      const request = mlab.mlab_request_new(id);
      mlab.mlab_request_set_poll_once(request, 1);
      return request;
    };
    return this.#run(make, { signal });
  }

  /** Waits for a job until its images are there. */
  async wait(id, options = {}) {
    id = idText(id);
    return this.#run(() => mlab.mlab_request_new(id), options);
  }

  /** Downloads one image into a file. */
  async download(url, path, options = {}) {
    return this.#download(url, { ...options, downloadFile: path });
  }

  /** Downloads one image into memory: `result.images[0].bytes`. */
  async downloadMemory(url, options = {}) {
    return this.#download(url, options);
  }

  /** What happens to one or more jobs, as it happens; ends after the last of them, and cancels those left if you stop. */
  async *events(ids, { signal, ...options } = {}) {
    throwIfAborted(signal);
    const [queue, open] = [[], new Set()];
    let wake = () => {};
    const deafen = onAbort(signal, () => wake());
    try {
      for (const each of Array.isArray(ids) ? ids : [ids]) {
        const id = idText(each);
        const tell = (told) => {
          queue.push(told);
          wake();
        };
        const job = this.#submit(() => mlab.mlab_request_new(id), options, {
          deliver(event) {
            if (event.kind === 'done') open.delete(job);
            tell({ event: { id, ...event } });
          },
          fail(error) {
            open.delete(job);
            tell({ error });
          },
        });
        open.add(job);
      }
      while (queue.length > 0 || open.size > 0) {
        throwIfAborted(signal);
        if (queue.length === 0) {
          await new Promise((resolve) => (wake = resolve));
          continue;
        }
        const { event, error } = queue.shift();
        if (error) throw error;
        yield event;
      }
    } finally {
      deafen();
      open.forEach((job) => job.cancel());
    }
  }

  /** How many jobs are open, fetches and downloads among them. */
  get pending() {
    return this.#pump.isClosed ? 0 : Number(mlab.mlab_client_pending(this.#handle));
  }

  /** Ends what is under way with an EndedError, and the client. Resolves when nothing of it runs any more. */
  close() {
    return this.#pump.close();
  }

  #check() {
    if (this.#pump.isClosed) throw errors.errorFor(Status.CLOSED);
  }

  /** Opens a job; `listener` is told of it, as the pump says. */
  #submit(make, options, listener) {
    return withRequest(make, options, (request) => {
      this.#check();
      const tag = this.#pump.register(listener);
      mlab.mlab_request_set_tag(request, tag);
      const job = [0];
      const status = mlab.mlab_client_submit(this.#handle, request, job);
      if (status !== Status.OK) {
        this.#pump.forget(tag);
        throw errors.errorFor(status);
      }
      this.#pump.begun();
      // After its end there is no such job any more, which is no news.
      return { cancel: () => this.#pump.isClosed || mlab.mlab_client_cancel_job(this.#handle, job[0]) };
    });
  }

  #download(url, options) {
    url = text('url', url);
    return this.#run(() => mlab.mlab_request_new_download(url), options);
  }

  #run(make, { signal, onProgress, ...options }) {
    throwIfAborted(signal);
    return new Promise((resolve, reject) => {
      let thrown = null;
      const stop = (error) => {
        thrown ??= { error };
        job.cancel();
      };
      const end = (outcome) => {
        deafen();
        try {
          if (thrown) throw thrown.error;
          throwIfAborted(signal);
          resolve(outcome());
        } catch (error) {
          reject(error);
        }
      };
      const job = this.#submit(make, options, {
        deliver(event) {
          if (thrown) return;
          try {
            // An async function rejects where another throws.
            onProgress?.(event)?.then?.(undefined, stop);
          } catch (error) {
            stop(error);
          }
        },
        end: (result) => end(() => checked(result)),
        fail: (error) => end(() => { throw error; }),
      });
      const deafen = onAbort(signal, () => job.cancel());
    });
  }
}

if (Symbol.dispose) Client.prototype[Symbol.dispose] = Client.prototype.close;
if (Symbol.asyncDispose) Client.prototype[Symbol.asyncDispose] = Client.prototype.close;

/** Rules on a reply that came some other way, such as a webhook's body. Sends nothing. */
function parse(body, httpStatus = 0) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  if (!(bytes instanceof Uint8Array)) throw refuse('body: must be a string or a Uint8Array');
  const out = [null];
  mlab.mlab_parse(bytes.length === 0 ? null : bytes, bytes.length, whole('httpStatus', httpStatus), out);
  return checked(take(out[0]));
}

const { errorFor: _, ...classes } = errors;
module.exports = { Client, Result, parse, Status, StatusGroup, version: mlab.mlab_version(), ...classes };
