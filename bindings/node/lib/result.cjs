// What a call came back with, copied out of the library.
'use strict';
const koffi = require('koffi');
const mlab = require('./library.cjs');
const { errorFor } = require('./errors.cjs');
const { Status } = require('./raw.cjs');

/** Milliseconds that may be unknown. */
const known = (ms) => (Number(ms) < 0 ? null : Number(ms));

const length = [0];

/** The bytes at an address, as a copy of their own; null where there is no address. */
function bytes(address, count) {
  if (address === null) return null;
  return count > 0 ? koffi.decode(address, 'uint8_t', Number(count)) : new Uint8Array(0);
}

function image(handle, index) {
  const type = mlab.mlab_result_image_type(handle, index);
  if (type === null) return null;
  const address = mlab.mlab_result_image(handle, index, length);
  return {
    type,
    width: mlab.mlab_result_image_width(handle, index),
    height: mlab.mlab_result_image_height(handle, index),
    bytes: bytes(address, length[0]),
    path: mlab.mlab_result_image_path(handle, index),
  };
}

/** A status, the image URLs, a message and more. It holds nothing of the library. */
class Result {
  constructor(handle) {
    this.status = mlab.mlab_result_status(handle);
    this.urls = [];
    const urls = Number(mlab.mlab_result_url_count(handle));
    for (let i = 0; i < urls; i++) this.urls.push(mlab.mlab_result_url(handle, i));
    this.message = mlab.mlab_result_message(handle);
    this.id = mlab.mlab_result_id(handle);
    this.httpStatus = mlab.mlab_result_http_status(handle);
    this.etaMs = known(mlab.mlab_result_eta_ms(handle));
    this.retryAfterMs = known(mlab.mlab_result_retry_after_ms(handle));
    this.retryable = mlab.mlab_result_is_retryable(handle) !== 0;
    this.attempts = mlab.mlab_result_attempts(handle);
    this.elapsedMs = Number(mlab.mlab_result_elapsed_ms(handle));
    this.images = [];
    const images = Number(mlab.mlab_result_image_count(handle));
    for (let i = 0; i < images; i++) this.images.push(image(handle, i));
    const body = mlab.mlab_result_body(handle, length);
    this.body = bytes(body, length[0]);
  }

  /** The same as `urls`, as the vendor's reply calls them. */
  get output() {
    return this.urls;
  }

  /** Whether the images are there. */
  get ready() {
    return this.status === Status.OK;
  }
}

/** Copies a result and ends it. */
function take(handle) {
  try {
    return new Result(handle);
  } finally {
    mlab.mlab_result_free(handle);
  }
}

/** The result, or the error that it tells of. */
function checked(result) {
  if (result.status < 0) throw errorFor(result.status, result.message, result);
  return result;
}

module.exports = { Result, take, checked, known };
