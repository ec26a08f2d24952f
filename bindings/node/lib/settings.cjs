// Options as objects, checked by the library's own setters.
'use strict';
const mlab = require('./library.cjs');
const { errorFor } = require('./errors.cjs');
const { RootsKind, Status } = require('./raw.cjs');

const refuse = (message) => errorFor(Status.INVALID_ARGUMENT, message);

/** A string that C reads as it is: it would end at a NUL. */
function text(name, value) {
  if (typeof value !== 'string') throw refuse(`${name}: must be a string`);
  if (value.includes('\0')) throw refuse(`${name}: has a NUL inside`);
  // Half of a character: UTF-8 has another one in its place.
  if (/\p{Surrogate}/u.test(value)) throw refuse(`${name}: has half of a surrogate pair`);
  return value;
}

/** An id; the vendor's replies have it as a number, which is exact below 2^53. */
function idText(id) {
  if (typeof id !== 'number' && typeof id !== 'bigint') return text('id', id);
  if (typeof id === 'number' && !Number.isInteger(id)) throw refuse('id: must be text or a whole number');
  if (id < 0) throw refuse('id: must not be negative');
  if (typeof id === 'number' && !Number.isSafeInteger(id)) {
    throw refuse('id: a number of this size is not exact: pass the id as text');
  }
  return String(id);
}

function whole(name, value, max = 0xffffffff) {
  if (!Number.isInteger(value) || value < 0 || value > max) throw refuse(`${name}: must be a whole number from 0 to ${max}`);
  return value;
}

/** A number of milliseconds; more than a setter can take is as good as the day that it clamps to. */
function time(name, value) {
  if (typeof value !== 'number' || !(value >= 0)) throw refuse(`${name}: must be a number of milliseconds`);
  return Math.min(Math.ceil(value), 0xffffffff);
}

const ROOTS = new Map([['bundled', RootsKind.BUNDLED], ['system', RootsKind.SYSTEM]]);

/** How each option is set: `set(handle, value, name)` answers as the setter does. */
const CONFIG = {
  endpoint: (c, v, n) => mlab.mlab_config_set_endpoint(c, text(n, v)),
  connectTimeoutMs: (c, v, n) => mlab.mlab_config_set_connect_timeout_ms(c, time(n, v)),
  requestTimeoutMs: (c, v, n) => mlab.mlab_config_set_request_timeout_ms(c, time(n, v)),
  bodyLimit: (c, v, n) => mlab.mlab_config_set_body_limit(c, whole(n, v)),
  userAgent: (c, v, n) => mlab.mlab_config_set_user_agent(c, text(n, v)),
  proxy: (c, v, n) => mlab.mlab_config_set_proxy(c, v === null ? null : text(n, v)),
  caFile: (c, v, n) => mlab.mlab_config_set_ca_file(c, text(n, v)),
  caPem: (c, v, n) => mlab.mlab_config_set_ca_pem(c, text(n, v)),
  roots(c, v, n) {
    const kind = ROOTS.get(v);
    if (kind === undefined) throw refuse(`${n}: must be 'bundled' or 'system'`);
    return mlab.mlab_config_set_roots(c, kind);
  },
  retries: (c, v, n) => mlab.mlab_config_set_retries(c, whole(n, v)),
  requestsPerSecond(c, v, n) {
    if (typeof v !== 'number') throw refuse(`${n}: must be a number`);
    return mlab.mlab_config_set_requests_per_second(c, v);
  },
  workers: (c, v, n) => mlab.mlab_config_set_workers(c, whole(n, v)),
  maxJobs: (c, v, n) => mlab.mlab_config_set_max_jobs(c, whole(n, v)),
  imageLimit: (c, v, n) => mlab.mlab_config_set_image_limit(c, whole(n, v, Number.MAX_SAFE_INTEGER)),
  maxImages: (c, v, n) => mlab.mlab_config_set_max_images(c, whole(n, v)),
  transport(c, v, n) {
    if (typeof v !== 'function') throw refuse(`${n}: must be a function`);
    return mlab.mlab_config_set_transport_pull(c);
  },
};

const REQUEST = {
  deadlineMs: (r, v, n) => mlab.mlab_request_set_deadline_ms(r, time(n, v)),
  etaMs: (r, v, n) => mlab.mlab_request_set_eta_ms(r, time(n, v)),
  pollMs(r, v, n) {
    const { min = 2000, max = Math.max(15000, min) } = v;
    return mlab.mlab_request_set_poll_ms(r, time(`${n}.min`, min), time(`${n}.max`, max));
  },
  downloadDir: (r, v, n) => mlab.mlab_request_set_download_dir(r, text(n, v), 0),
  downloadMemory: (r, v, n) => mlab.mlab_request_set_download_memory(r, whole(n, v, Number.MAX_SAFE_INTEGER)),
  downloadFile: (r, v, n) => mlab.mlab_request_set_download_file(r, text(n, v)),
  imageEvents: (r, v) => mlab.mlab_request_set_image_events(r, v ? 1 : 0),
};

function apply(setters, handle, options, message) {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(setters, name)) throw refuse(`${name}: there is no such option`);
    const status = setters[name](handle, value, name);
    // The library names its own parameter, which is called otherwise here.
    if (status !== Status.OK) throw errorFor(status, `${name}: ${message(handle)}`);
  }
}

/** Hands a config with these options to `use`, and ends it. */
function withConfig(options, use) {
  const config = mlab.mlab_config_new();
  try {
    apply(CONFIG, config, options, mlab.mlab_config_message);
    return use(config);
  } finally {
    mlab.mlab_config_free(config);
  }
}

/** Hands a request that `make` makes, with these options, to `use`, and ends it. */
function withRequest(make, options, use) {
  const request = make();
  try {
    // An id or URL that cannot be used is known at once.
    const message = mlab.mlab_request_message(request);
    if (message) throw refuse(message);
    apply(REQUEST, request, options, mlab.mlab_request_message);
    return use(request);
  } finally {
    mlab.mlab_request_free(request);
  }
}

module.exports = { text, idText, whole, refuse, withConfig, withRequest };
