// Run by tests/bindings/node.rs against the stand-in, whose addresses it puts into the environment.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import * as mlab from 'mlab-client';

const { Client, Status } = mlab;
const { MLAB_TEST_HTTP: endpoint, MLAB_TEST_HTTPS, MLAB_TEST_UTF8, MLAB_TEST_BINARY, MLAB_TEST_UNREACHABLE } = process.env;
assert.ok(endpoint, 'tests/bindings/node.rs says where the servers are');
const KEY = 'test-key-not-real';
const fast = { pollMs: { min: 1000 }, etaMs: 600 };
const run = promisify(execFile);

let client;
before(() => (client = new Client(KEY, { endpoint })));
after(() => client.close());

const rejects = (promise, kind, status) =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof kind && error instanceof mlab.MlabError, error);
    assert.equal(error.status, status);
    return true;
  });

/** Whatever else the machine does may hold a call up: the best of three tries counts, and takes less than 300 ms. */
async function atOnce(name, call) {
  const took = [];
  while (took.length < 3 && took.every((each) => each >= 300)) took.push(await call());
  assert.ok(took.some((each) => each < 300), `${name}: ${took} ms`);
}

/** A program of its own, since it ends or is interrupted; it takes no more than what is put before it. */
const program = (body) => run(process.execPath, ['--input-type=module', '-e', `
  import { Client } from 'mlab-client';
  const client = new Client('${KEY}', { endpoint: process.env.MLAB_TEST_HTTP });
  ${body}`], { timeout: 20_000 });

test('a ready job gives its images under both names', async () => {
  const result = await client.fetch('12202888');
  assert.equal(result.urls.length, 4);
  assert.equal(result.output, result.urls);
  assert.ok(result.ready);
  assert.equal(result.status, Status.OK);
});

test('a job that is not ready is a result and no error', async () => {
  const result = await client.fetch('never-fetch');
  assert.equal(result.status, Status.PROCESSING);
  assert.deepEqual(result.urls, []);
});

test('each failure is an error of its group with the result on it', async () => {
  await rejects(client.wait('fail-1', fast), mlab.JobError, Status.JOB_FAILED);
  await rejects(client.fetch('auth-1'), mlab.AccountError, Status.AUTH);
  await rejects(client.wait('auth-2'), mlab.AccountError, Status.AUTH);
  await rejects(client.wait('never-2', { deadlineMs: 50 }), mlab.EndedError, Status.DEADLINE);
  const refused = await client.fetch('auth-3').catch((error) => error);
  assert.equal(refused.code, 'MLAB_E_AUTH');
  assert.equal(refused.result.id, 'auth-3');
  assert.ok(!refused.message.includes(KEY));
});

test('a rate limit tells its time', async () => {
  const impatient = new Client(KEY, { endpoint, retries: 0 });
  const error = await impatient.fetch('rate-1').catch((error) => error);
  await impatient.close();
  assert.ok(error instanceof mlab.RateLimitError && error.retryable, error);
  assert.ok(error.retryAfterMs > 0);
});

test('a server that is not there is a network error', async () => {
  const lost = new Client(KEY, { endpoint: MLAB_TEST_UNREACHABLE, retries: 0 });
  await rejects(lost.fetch('1'), mlab.NetworkError, Status.CONNECT);
  await lost.close();
});

test('what is wrong is refused by its name before anything is sent', async () => {
  const refused = (make, words) => assert.throws(make, (error) => error instanceof mlab.ArgumentError && words.test(error.message));
  refused(() => new Client('a\0b'), /^key: .*NUL/);
  refused(() => new Client(''), /key/);
  refused(() => new Client('a\ud83d'), /^key: .*surrogate/);
  refused(() => new Client(KEY, { endpoint: 'ftp://x/{id}' }), /^endpoint: /);
  refused(() => new Client(KEY, { endpoints: 'x' }), /^endpoints: there is no such option/);
  await assert.rejects(client.fetch('a\0b'), /^ArgumentError: id: .*NUL/);
  await assert.rejects(client.wait('a b'), /^ArgumentError: id/);
  await assert.rejects(client.wait('1', { downloadDir: 'a\0b' }), /^ArgumentError: downloadDir: .*NUL/);
  await assert.rejects(client.wait('1', { downloadDir: '\ude00a' }), /^ArgumentError: downloadDir: .*surrogate/);
  for (const call of [client.fetch('1', { signal: 5 }), client.wait('1', { signal: 'off' }), client.events('1', { signal: {} }).next()]) {
    await assert.rejects(call, /^ArgumentError: signal: must be an AbortSignal/);
  }
  await assert.rejects(client.wait('1', { deadline: 1 }), /^ArgumentError: deadline: there is no such option/);
  await assert.rejects(client.fetch(2 ** 60), /not exact/);
  await assert.rejects(client.fetch(-1), /id: must not be negative/);
  await assert.rejects(client.fetch(-1n), /id: must not be negative/);
  await assert.rejects(client.fetch(3.5), /id: must be text or a whole number/);
});

test('an id of 64 bits stays whole', async () => {
  const id = '18446744073709551615';
  assert.equal((await client.fetch(id)).urls.length, 1);
  assert.equal((await client.wait(BigInt(id))).id, id);
});

test('text beyond ASCII comes through', async () => {
  const utf8 = new Client(KEY, { endpoint: MLAB_TEST_UTF8 });
  const result = await utf8.wait('1');
  await utf8.close();
  assert.equal(result.message, 'fertig: 日本');
  assert.deepEqual(result.urls, ['https://images.example/é/😀']);
  assert.deepEqual(mlab.parse(Buffer.from(result.body), 200).urls, result.urls);
});

test('a body is bytes, whatever is in it', async () => {
  const body = Uint8Array.from([0, 97, 0, 255, 98, 0]);
  const binary = new Client(KEY, { endpoint: MLAB_TEST_BINARY });
  for (const call of [() => binary.fetch('1'), () => binary.wait('1'), async () => mlab.parse(body, 401)]) {
    const refused = await call().catch((error) => error);
    assert.ok(refused instanceof mlab.AccountError, refused);
    assert.deepEqual(refused.result.body, body);
  }
  await binary.close();
});

test('a signal ends whatever it was given to within 300 ms', async () => {
  const calls = {
    wait: (signal) => client.wait('never-3', { signal }),
    fetch: (signal) => client.fetch('slow-30-1', { signal }),
    events: async (signal) => { for await (const _ of client.events('never-4', { signal })); },
  };
  for (const [name, call] of Object.entries(calls)) {
    await atOnce(name, async () => {
      const controller = new AbortController();
      const promise = call(controller.signal);
      setTimeout(() => controller.abort(), 200);
      await new Promise((resolve) => controller.signal.addEventListener('abort', resolve));
      const at = performance.now();
      await assert.rejects(promise, { name: 'AbortError' }, name);
      return performance.now() - at;
    });
    await assert.rejects(call(AbortSignal.abort()), { name: 'AbortError' }, name);
  }
});

test('many calls may share a signal', async () => {
  const { stderr } = await program(`
    const { signal } = new AbortController();
    const one = () => [client.wait('12202888', { signal }), client.fetch('12202888', { signal })];
    await Promise.all(Array.from({ length: 11 }, one).flat());`);
  assert.equal(stderr, '');
});

test('30 waits at once take 3 s at most', async () => {
  const at = performance.now();
  const waits = Array.from({ length: 30 }, (_, i) => client.wait(`many-${i}`, fast));
  const results = await Promise.all(waits);
  assert.ok(results.every((result) => result.urls.length === 1));
  assert.ok(performance.now() - at < 3000, `${performance.now() - at} ms`);
});

test('polls leave half of the pool to others', async () => {
  const controller = new AbortController();
  const slow = Array.from({ length: 8 }, (_, i) => client.fetch(`slow-30-pool-${i}`, { signal: controller.signal }).catch(() => {}));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { readFile } = await import('node:fs/promises');
  const at = performance.now();
  await readFile(new URL(import.meta.url));
  assert.ok(performance.now() - at < 1000);
  controller.abort();
  await Promise.all(slow);
});

test('a fetch that waits for its turn ends with its signal, and with its client', { timeout: 20_000 }, async () => {
  const [busy, own] = [new AbortController(), new AbortController()];
  const slow = Array.from({ length: 2 }, (_, i) => client.fetch(`slow-30-turn-${i}`, { signal: busy.signal }));
  const waiting = client.fetch('12202888', { signal: own.signal });
  own.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  const other = new Client(KEY, { endpoint });
  const left = rejects(other.fetch('12202888'), mlab.EndedError, Status.CLOSED);
  await other.close();
  await left;
  const last = client.fetch('12202888');
  busy.abort();
  for (const each of slow) await assert.rejects(each, { name: 'AbortError' });
  assert.ok((await last).ready);
});

test('progress is told, and what its listener throws ends the wait', async () => {
  const seen = [];
  await client.wait('progress-1', { ...fast, onProgress: (progress) => seen.push(progress) });
  assert.ok(seen.length > 0 && seen[0].kind === 'progress' && seen[0].polls === 1, JSON.stringify(seen));
  const onProgress = () => { throw new RangeError('no more'); };
  await assert.rejects(client.wait('never-5', { onProgress }), /no more/);
  await assert.rejects(client.wait('never-5', { onProgress: async () => onProgress() }), /no more/);
});

test('events of several jobs end after the last, and leaving the loop cancels the rest', async () => {
  const ends = {};
  for await (const event of client.events(['events-1', 'fail-events', '12202888'], fast)) {
    if (event.kind === 'done') ends[event.id] = event.result.status;
  }
  assert.deepEqual(ends, { 'events-1': Status.OK, 'fail-events': Status.JOB_FAILED, 12202888: Status.OK });
  for await (const _ of client.events(['never-6', 'never-7'])) break;
  const at = performance.now();
  while (client.pending > 0 && performance.now() - at < 1000) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(client.pending, 0);
});

test('images come into memory, into a folder and one by one', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bilder-é-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const saved = await client.wait('12202888', { downloadDir: folder });
  assert.deepEqual(readdirSync(folder).sort(), saved.images.map(({ path }) => path.slice(folder.length + 1)).sort());
  const held = await client.wait('12202888', { downloadMemory: 1 << 20 });
  assert.equal(held.images.length, 4);
  held.images.forEach(({ bytes, width }, i) => {
    assert.ok(width > 0);
    assert.deepEqual(Buffer.from(bytes), readFileSync(saved.images[i].path));
  });
  const path = join(folder, 'eins.png');
  const [url] = held.urls;
  await client.download(url, path);
  const [image] = (await client.downloadMemory(url)).images;
  assert.deepEqual(readFileSync(path), Buffer.from(image.bytes));
  const indexes = [];
  for await (const event of client.events('12202888', { downloadMemory: 1 << 20, imageEvents: true })) {
    if (event.kind === 'image') indexes.push(event.result.images[event.index].bytes.length > 0 && event.index);
  }
  assert.deepEqual(indexes.sort(), [0, 1, 2, 3]);
  await rejects(client.wait('12202888', { downloadDir: join(folder, 'none') }), mlab.ImageError, Status.FILE);
});

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

test('close ends what is under way, and calls after it', async () => {
  await atOnce('close', async () => {
    const closing = new Client(KEY, { endpoint });
    const ends = [closing.wait('never-8'), closing.fetch('slow-30-close')];
    const checks = ends.map((end) => rejects(end, mlab.EndedError, Status.CLOSED));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const at = performance.now();
    await closing.close();
    await Promise.all(checks);
    const took = performance.now() - at;
    await rejects(closing.wait('1'), mlab.EndedError, Status.CLOSED);
    await closing.close();
    return took;
  });
});

test('a listener or a transport may close the client that calls it', { timeout: 20_000 }, async () => {
  const listening = new Client(KEY, { endpoint });
  const ends = [listening.wait('never-10', { onProgress: () => listening.close() }), listening.wait('never-11')];
  const performing = new Client(KEY, { endpoint, transport: () => performing.close().then(() => ({ status: 200, body: '{}' })) });
  ends.push(performing.wait('1'), performing.fetch('2'));
  await Promise.all(ends.map((end) => rejects(end, mlab.EndedError, Status.CLOSED)));
  await Promise.all([listening.close(), performing.close()]);
});

test('close ends a download that is under way', { timeout: 20_000 }, async (t) => {
  let begun;
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      response.end(JSON.stringify({ status: 'success', output: [`http://127.0.0.1:${server.address().port}/1.png`] }));
    } else {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': 1 << 16 });
      response.write(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), begun);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  const folder = mkdtempSync(join(tmpdir(), 'mlab-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const stalls = `http://127.0.0.1:${server.address().port}/fetch/{id}`;
  const deaf = (exchange) => fetch(exchange.url, { ...exchange, signal: null });
  for (const transport of [undefined, (exchange) => fetch(exchange.url, exchange), deaf]) {
    for (const where of [{ downloadDir: folder }, { downloadMemory: 1 << 20 }]) {
      const closing = new Client(KEY, { endpoint: stalls, transport });
      const started = new Promise((resolve) => (begun = resolve));
      const wait = rejects(closing.wait('1', where), mlab.EndedError, Status.CLOSED);
      await started;
      await Promise.all([closing.close(), wait]);
    }
  }
});

test('a client that is forgotten ends', async () => {
  await program(`
    import { readdirSync } from 'node:fs';
    import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc');
    const body = JSON.stringify({ status: 'success', output: ['https://images.example/1.png'] });
    const use = async () => {
      const own = new Client('${KEY}', { endpoint: process.env.MLAB_TEST_HTTP });
      // It knows the client that knows it.
      const host = new Client('${KEY}', { transport: () => (void host, { status: 200, body }) });
      await Promise.all([own.wait('12202888'), own.fetch('12202888'), host.wait('12202888'), host.fetch('12202888')]);
    };
    const open = () => readdirSync('/proc/self/fd').length;
    await use();
    const before = open();
    for (let i = 0; i < 20; i++) await use();
    const until = performance.now() + 10_000;
    while (open() > before && performance.now() < until) {
      gc();
      await new Promise(setImmediate);
    }
    if (open() > before) throw new Error(\`\${open()} descriptors, \${before} before\`);`);
});

test('calls do not grow the process', async () => {
  const body = JSON.stringify({ status: 'success', output: ['https://images.example/1.png'] });
  const calls = (count) => { for (let i = 0; i < count; i++) mlab.parse(body, 200); };
  const fetches = async (count) => { for (let i = 0; i < count; i++) await client.fetch('12202888'); };
  calls(5000);
  await fetches(200);
  const before = process.memoryUsage().rss;
  calls(10_000);
  await fetches(500);
  const grown = process.memoryUsage().rss - before;
  assert.ok(grown < 16 << 20, `${grown} bytes`);
});

test('where there is no descriptor the clock does', async () => {
  const library = createRequire(import.meta.url).resolve('mlab-client').replace('index.cjs', 'library.cjs');
  await program(`
    import { createRequire } from 'node:module';
    createRequire('/')(${JSON.stringify(library)}).mlab_client_event_fd = () => -1;
    const result = await client.wait('clock-1', { pollMs: { min: 1000 }, etaMs: 600 });
    if (result.urls.length !== 1) throw new Error('no image');`);
});

test('the process ends with jobs and polls open', async () => {
  const at = performance.now();
  await program(`client.wait('never-9'); client.fetch('slow-30-exit'); setTimeout(() => process.exit(0), 200);`);
  await program(`
    const own = new Client('${KEY}', { endpoint: process.env.MLAB_TEST_HTTP, transport: () => new Promise(() => {}) });
    own.wait('1'); own.fetch('2'); setTimeout(() => process.exit(0), 200);`);
  assert.ok(performance.now() - at < 5000, `${performance.now() - at} ms`);
});

test('an idle client keeps no process', async () => {
  const { stdout } = await program(`console.log((await client.wait('12202888')).urls.length);
    const own = new Client('${KEY}', { endpoint: process.env.MLAB_TEST_HTTP, transport: (each) => fetch(each.url, each) });
    console.log((await own.fetch('12202888')).urls.length);`);
  assert.equal(stdout, '4\n4\n');
});

test('the key comes from the environment, and the vendor\'s name for it counts first', async () => {
  const code = `import { Client } from 'mlab-client';
    new Client({ endpoint: process.env.MLAB_TEST_HTTP }).fetch('12202888').then((r) => console.log(r.urls.length));`;
  const say = (keys) => run(process.execPath, ['--input-type=module', '-e', code], { env: { ...process.env, ...keys } });
  assert.equal((await say({ API_KEY: KEY })).stdout, '4\n');
  assert.equal((await say({ API_KEY: 'not-this', MODELSLAB_API_KEY: KEY })).stdout, '4\n');
  await assert.rejects(say({}), /key: none was given/);
});

test('CommonJS has the same', () => {
  assert.equal(createRequire(import.meta.url)('mlab-client').Client, Client);
});
