// What calls give, refuse and leave to others.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as mlab from 'mlab-client';
import { KEY, MLAB_TEST_BINARY, MLAB_TEST_UNREACHABLE, MLAB_TEST_UTF8, atOnce, bestOfThree, endpoint, fast, program, rejects, run } from './support.mjs';

const { Client, Status } = mlab;

let client;
before(() => (client = new Client(KEY, { endpoint })));
after(() => client.close());

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
  await rejects(client.wait('never-2', { deadlineMs: 50 }), mlab.DeadlineError, Status.DEADLINE);
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

test("roots are the system's or the bundled ones", async () => {
  for (const roots of ['bundled', 'system']) await new Client(KEY, { roots }).close();
});

test('what is wrong is refused by its name before anything is sent', async () => {
  const refused = (make, words) => assert.throws(make, (error) => error instanceof mlab.ArgumentError && words.test(error.message));
  refused(() => new Client('a\0b'), /^key: .*NUL/);
  refused(() => new Client(''), /key/);
  refused(() => new Client('a\ud83d'), /^key: .*surrogate/);
  refused(() => new Client(KEY, { endpoint: 'ftp://x/{id}' }), /^endpoint: /);
  for (const roots of [1, true, 'constructor']) refused(() => new Client(KEY, { roots }), /^roots: must be 'bundled' or 'system'/);
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
  await bestOfThree('thirty', 3000, async (attempt) => {
    const at = performance.now();
    const waits = Array.from({ length: 30 }, (_, i) => client.wait(`many-${attempt}-${i}`, fast));
    const results = await Promise.all(waits);
    assert.ok(results.every((result) => result.urls.length === 1));
    return performance.now() - at;
  });
});

test('polls leave the pool to others, and end with their signal and with their client', { timeout: 20_000 }, async () => {
  const controller = new AbortController();
  const other = new Client(KEY, { endpoint });
  const slow = Array.from({ length: 8 }, (_, i) => client.fetch(`slow-30-pool-${i}`, { signal: controller.signal }));
  const left = rejects(other.fetch('slow-30-left'), mlab.EndedError, Status.CLOSED);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { readFile } = await import('node:fs/promises');
  const at = performance.now();
  await readFile(new URL(import.meta.url));
  assert.ok((await client.fetch('12202888')).ready);
  controller.abort();
  for (const each of slow) await assert.rejects(each, { name: 'AbortError' });
  assert.ok(performance.now() - at < 10_000, `${performance.now() - at} ms`);
  await other.close();
  await left;
});

test('progress is told, and what its listener throws ends the wait', async () => {
  const seen = [];
  // A job's end drops the progress before it: the second poll comes late.
  await client.wait('progress-1', { ...fast, pollMs: { min: 3000 }, onProgress: (progress) => seen.push(progress) });
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
  while (client.pending > 0 && performance.now() - at < 10_000) await new Promise((resolve) => setTimeout(resolve, 10));
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
