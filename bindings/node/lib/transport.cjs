// HTTP of the program's own in place of the library's: exchanges are pulled inside Node's loop, and a function performs them.
'use strict';
const koffi = require('koffi');
const { setTimeout, clearTimeout } = require('./clock.cjs');
const mlab = require('./library.cjs');
const { ExchangeKind, Status } = require('./raw.cjs');

const length = [0];

function headersOf(handle) {
  const headers = {};
  for (let i = 0, name; (name = mlab.mlab_exchange_header_name(handle, i)) !== null; i++) {
    headers[name] = mlab.mlab_exchange_header_value(handle, i);
  }
  return headers;
}

/** A request, with the names that fetch() has for its parts. */
function describe(handle, signal) {
  const body = mlab.mlab_exchange_body(handle, length);
  return {
    url: mlab.mlab_exchange_url(handle),
    method: mlab.mlab_exchange_method(handle),
    headers: headersOf(handle),
    body: body === null ? null : koffi.decode(body, 'uint8_t', Number(length[0])),
    redirect: 'manual', // The library rules on them: where the key may go.
    signal,
    bodyLimit: Number(mlab.mlab_exchange_body_limit(handle)),
    isImage: mlab.mlab_exchange_kind(handle) === ExchangeKind.IMAGE,
  };
}

/** A body that is longer than the library takes. */
class TooLarge extends Error {}

/** The bytes of a body. A stream is read no further than the limit, and then ended. */
async function bytesOf(body, limit) {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  if (typeof body?.[Symbol.asyncIterator] !== 'function') {
    throw new TypeError('the body must be a string, a Uint8Array or a stream of Uint8Arrays');
  }
  const chunks = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit) throw new TooLarge(`the body is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** Name and value of each header. What fetch() gives has its body decoded already, whatever its headers say. */
function pairsOf({ headers = {}, arrayBuffer }) {
  if (!(Symbol.iterator in headers)) return Object.entries(headers);
  const isDecoded = typeof arrayBuffer === 'function' && headers.has('content-encoding');
  return [...headers].filter(([name]) => !isDecoded || !/^content-(encoding|length)$/.test(name));
}

async function answer(handle, reply) {
  const { status, body } = reply;
  const lines = pairsOf(reply).map(([name, value]) => `${name}: ${value}`).join('\r\n');
  if (lines.includes('\0')) throw new TypeError('a header has a NUL inside');
  if (!Number.isInteger(status) || status < 100 || status > 599) throw new TypeError(`${status} is no HTTP status`);
  const bytes = await bytesOf(body ?? '', Number(mlab.mlab_exchange_body_limit(handle)));
  // An address also where there is no byte: none at all would say that an image's bytes follow.
  mlab.mlab_exchange_reply(handle, status, lines, bytes.length === 0 ? Buffer.alloc(1) : bytes, bytes.length);
}

/** The codes of Node, of undici, which is its fetch(), and of OpenSSL. */
const CODES = [
  [/^(ENOTFOUND|EAI_)/, Status.RESOLVE],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)/, Status.CONNECT],
  [/^(ETIMEDOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT)/, Status.TIMEOUT],
  [/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_|PATH_LENGTH)/, Status.TLS],
];

function statusOf(error) {
  if (error instanceof TooLarge) return Status.TOO_LARGE;
  if (error?.name === 'TimeoutError') return Status.TIMEOUT;
  const code = error?.cause?.code ?? error?.code;
  return CODES.find(([codes]) => codes.test(code))?.[1] ?? Status.NETWORK;
}

/** The exchanges of one client that are under way. */
class Exchanges {
  #client;
  #transport;
  #open = new Map();

  constructor(client, transport) {
    this.#client = client;
    this.#transport = transport;
  }

  /** Begins what is there, and ends what nobody waits for any more. */
  pull() {
    const out = [null];
    while (mlab.mlab_client_next_exchange(this.#client, 0, out) === Status.OK) this.#perform(out[0]);
    for (const [handle, controller] of this.#open) {
      if (mlab.mlab_exchange_is_cancelled(handle)) controller.abort();
    }
  }

  /** The client has ended. */
  close() {
    for (const controller of this.#open.values()) controller.abort();
  }

  async #perform(handle) {
    const controller = new AbortController();
    this.#open.set(handle, controller);
    const timer = setTimeout(() => controller.abort(), mlab.mlab_exchange_timeout_ms(handle)).unref();
    try {
      await answer(handle, await this.#transport(describe(handle, controller.signal)));
    } catch (error) {
      mlab.mlab_exchange_fail(handle, statusOf(error), String(error).replaceAll('\0', ''));
    } finally {
      clearTimeout(timer);
      this.#open.delete(handle);
      mlab.mlab_exchange_free(handle);
    }
  }
}

module.exports = { Exchanges };
