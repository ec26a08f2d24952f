// HTTP by a function of the program's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as mlab from 'mlab-client';
import { KEY, MLAB_TEST_HTTPS, endpoint, rejects } from './support.mjs';

const { Client, Status } = mlab;

let client;
before(() => (client = new Client(KEY, { endpoint })));
after(() => client.close());

test('a function of the program performs the exchanges', async () => {
  const seen = [];
  const own = new Client(KEY, { endpoint, retries: 0, transport: (exchange) => (seen.push(exchange), fetch(exchange.url, exchange)) });
  assert.ok((await own.wait('12202888')).ready);
  assert.equal((await own.fetch('12202888')).urls.length, 4);
  const [held, usual] = await Promise.all([own, client].map((each) => each.wait('12202888', { downloadMemory: 1 << 20 })));
  assert.deepEqual(held.images, usual.images);
  const polls = seen.filter(({ isImage }) => !isImage);
  assert.ok(polls.every(({ method, body }) => method === 'POST' && Buffer.from(body).includes(KEY)), polls);
  const images = seen.filter(({ isImage }) => isImage);
  assert.deepEqual(images.map(({ method, body }) => [method, body]), Array(4).fill(['GET', null]));
  await rejects(own.fetch('auth-transport'), mlab.AccountError, Status.AUTH);
  await own.close();
});

test('a reply of the program is bytes, and what its function throws is a network error', async () => {
  const by = async (transport, check) => {
    const own = new Client(KEY, { endpoint, retries: 0, transport });
    await check(own);
    await own.close();
  };
  const body = Uint8Array.from([0, 97, 0, 255, 98, 0]);
  const pieces = async function* () { yield* [body.subarray(0, 2), body.subarray(2)]; };
  for (const given of [() => body, pieces]) {
    await by(() => ({ status: 401, body: given() }), async (own) => {
      assert.deepEqual((await own.fetch('1').catch((error) => error)).result.body, body);
    });
  }
  const refused = Object.assign(new Error('no\0way'), { code: 'ECONNREFUSED' });
  await by(() => Promise.reject(refused), (own) => rejects(own.fetch('1'), mlab.NetworkError, Status.CONNECT));
  const codes = {
    EAI_AGAIN: Status.RESOLVE, UND_ERR_CONNECT_TIMEOUT: Status.CONNECT, UND_ERR_BODY_TIMEOUT: Status.TIMEOUT,
    CERT_HAS_EXPIRED: Status.TLS, ERR_TLS_CERT_ALTNAME_INVALID: Status.TLS, UND_ERR_SOCKET: Status.NETWORK,
  };
  for (const [code, status] of Object.entries(codes)) {
    const failed = new TypeError('fetch failed', { cause: { code } });
    await by(() => Promise.reject(failed), (own) => rejects(own.fetch('1'), mlab.NetworkError, status));
  }
  for (const nonsense of [undefined, {}, { status: 7 }, { status: 200, body: 7 }, { status: 200, headers: { a: '\0' } }]) {
    await by(() => nonsense, (own) => rejects(own.fetch('1'), mlab.NetworkError, Status.NETWORK));
  }
  assert.throws(() => new Client(KEY, { transport: 'curl' }), /^ArgumentError: transport: must be a function/);
});

test('a certificate that nobody vouches for ends a wait at once', { timeout: 20_000 }, async () => {
  const own = new Client(KEY, { endpoint: MLAB_TEST_HTTPS, transport: (exchange) => fetch(exchange.url, exchange) });
  await rejects(own.wait('12202888'), mlab.NetworkError, Status.TLS);
  await own.close();
});

test('a reply without end is read to the limit and no further', { timeout: 20_000 }, async () => {
  let [read, isEnded] = [0, false];
  async function* endless() {
    try {
      for (;;) {
        read += 1 << 16;
        yield new Uint8Array(1 << 16);
      }
    } finally {
      isEnded = true;
    }
  }
  const replies = [() => ({ status: 200, body: endless() }), () => new Response(ReadableStream.from(endless()))];
  for (const transport of replies) {
    [read, isEnded] = [0, false];
    const own = new Client(KEY, { endpoint, retries: 0, bodyLimit: 1 << 20, transport });
    await rejects(own.fetch('1'), mlab.NetworkError, Status.TOO_LARGE);
    await own.close();
    assert.ok(isEnded && read <= 2 << 20, `${read} bytes were read`);
  }
});

test('a signal aborts the exchange of the program as well', async () => {
  let told;
  const transport = ({ signal }) => new Promise((_, reject) => {
    told = new Promise((resolve) => signal.addEventListener('abort', resolve));
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  const own = new Client(KEY, { endpoint, transport });
  for (const call of [(signal) => own.wait('1', { signal }), (signal) => own.fetch('1', { signal })]) {
    const controller = new AbortController();
    const promise = call(controller.signal);
    setTimeout(() => controller.abort(), 100);
    await assert.rejects(promise, { name: 'AbortError' });
  }
  const closing = own.wait('1').catch((error) => error);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await own.close();
  await told;
  assert.equal((await closing).status, Status.CLOSED);
});
