// How clients and what they do end, and what is left of them.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as mlab from 'mlab-client';
import { KEY, atOnce, endpoint, patched, program, rejects, run } from './support.mjs';

const { Client, Status } = mlab;

let client;
before(() => (client = new Client(KEY, { endpoint })));
after(() => client.close());

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

test('timers of a page, which are numbers, or of a test, which stand still, change nothing', async () => {
  for (const timer of ['Number(real(...given))', '0']) {
    const { stdout } = await program(`
      const real = globalThis.setTimeout;
      globalThis.setTimeout = (...given) => ${timer};
      globalThis.performance = { now: () => 0 };
      console.log(await client.wait('never-1', { deadlineMs: 100 }).catch((error) => error.status));
      await client.close();
      const transport = async () => ({ status: 200, body: '{"status":"processing","output":[]}' });
      const own = new Client('${KEY}', { endpoint: process.env.MLAB_TEST_HTTP, transport });
      console.log((await own.fetch('1')).status);
      await own.close();`);
    assert.equal(stdout, `${Status.DEADLINE}\n${Status.PROCESSING}\n`, timer);
  }
});

/** A server whose jobs are ready, and whose image has no end; `begun()` resolves once a part of the next one was sent. */
async function stalling(t) {
  let tell = () => {};
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      response.end(JSON.stringify({ status: 'success', output: [`${base}/1.png`] }));
    } else {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': 1 << 16 });
      response.write(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), () => tell());
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  const base = `http://127.0.0.1:${server.address().port}`;
  return { endpoint: `${base}/fetch/{id}`, url: `${base}/1.png`, begun: () => new Promise((resolve) => (tell = resolve)) };
}

function temporary(t) {
  const folder = mkdtempSync(join(tmpdir(), 'mlab-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('close ends a download that is under way', { timeout: 20_000 }, async (t) => {
  const [server, folder] = [await stalling(t), temporary(t)];
  const deaf = (exchange) => fetch(exchange.url, { ...exchange, signal: null });
  for (const transport of [undefined, (exchange) => fetch(exchange.url, exchange), deaf]) {
    for (const where of [{ downloadDir: folder }, { downloadMemory: 1 << 20 }]) {
      const closing = new Client(KEY, { endpoint: server.endpoint, transport });
      const started = server.begun();
      const wait = rejects(closing.wait('1', where), mlab.EndedError, Status.CLOSED);
      await started;
      await Promise.all([closing.close(), wait]);
    }
  }
});

test('a signal ends a download that is under way within 300 ms', { timeout: 20_000 }, async (t) => {
  const [server, folder] = [await stalling(t), temporary(t)];
  const own = new Client(KEY, { endpoint: server.endpoint });
  const calls = {
    download: (signal) => own.download(server.url, join(folder, 'one.png'), { signal }),
    downloadMemory: (signal) => own.downloadMemory(server.url, { signal }),
    wait: (signal) => own.wait('1', { downloadDir: folder, signal }),
  };
  for (const [name, call] of Object.entries(calls)) {
    await atOnce(name, async () => {
      const controller = new AbortController();
      const started = server.begun();
      const promise = call(controller.signal);
      await started;
      const at = performance.now();
      controller.abort();
      await assert.rejects(promise, { name: 'AbortError' }, name);
      return performance.now() - at;
    });
  }
  await own.close();
  assert.deepEqual(readdirSync(folder), []);
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

test('a Worker that ends or is ended takes its clients with it', async () => {
  await program(`
    import { readdirSync, readFileSync } from 'node:fs';
    import { Worker } from 'node:worker_threads';
    const isOurs = (task) => {
      try {
        return readFileSync('/proc/self/task/' + task + '/comm', 'utf8').startsWith('mlab');
      } catch {
        return false; // It has ended meanwhile.
      }
    };
    const left = () => [readdirSync('/proc/self/task').filter(isOurs).length, readdirSync('/proc/self/fd').length].join();
    const use = async (ending, isTerminated) => {
      const worker = new Worker(\`
        const { Client } = require('mlab-client');
        const { parentPort } = require('node:worker_threads');
        const client = new Client('${KEY}', { endpoint: process.env.MLAB_TEST_HTTP });
        let told = 0;
        const onProgress = () => { if (++told === 5) parentPort.postMessage('five'); };
        const waits = Array.from({ length: 5 }, (_, i) => client.wait('never-worker-' + i, { onProgress }).catch(() => {}));
        parentPort.once('message', () => { \${ending} });\`, { eval: true, execArgv: [] });
      const exited = new Promise((resolve) => worker.once('exit', resolve));
      await new Promise((resolve) => worker.once('message', resolve));
      if (isTerminated) await worker.terminate();
      else worker.postMessage('end');
      await exited;
    };
    const holds = async (condition) => {
      const until = performance.now() + 5000;
      while (!condition() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
      return condition();
    };
    await use('', true);
    if (!await holds(() => left().startsWith('0,'))) throw new Error(left() + ' threads and descriptors');
    const before = left();
    for (let i = 0; i < 5; i++) await use('', true);
    await use('process.exit()');
    await use('client.close()');
    if (!await holds(() => left() === before)) throw new Error(left() + ' threads and descriptors, ' + before + ' before');`);
});

test('calls do not grow the process', { timeout: 60_000 }, async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  // Of some 2,000 bytes: ten thousand results that are not freed take 40 MiB.
  const body = JSON.stringify({ status: 'success', output: ['https://images.example/1.png'], meta: { prompt: 'x'.repeat(1900) } });
  const kinds = {
    parse: () => { for (let i = 0; i < 10_000; i++) mlab.parse(body, 200); },
    fetch: async () => { for (let i = 0; i < 1000; i++) await client.fetch('12202888'); },
  };
  for (const [name, calls] of Object.entries(kinds)) {
    const grown = [];
    // V8 was seen to take 2 MiB in one round and to give back 1 in another. What leaks, leaks in every round.
    for (let round = 0; round < 4; round++) {
      gc();
      const before = process.memoryUsage().rss;
      await calls();
      gc();
      grown.push(process.memoryUsage().rss - before);
    }
    const [, second] = grown.sort((a, b) => a - b);
    assert.ok(second < 1 << 20, `${name}: ${grown} bytes`);
  }
});

// By their number: with a thousand waits at work, what V8 takes and gives back is more than what they would leave.
test('whatever a thousand waits and their events are made of is freed', { timeout: 60_000 }, async () => {
  const { stdout } = await patched(`
    const open = {};
    const count = (name, kind, isMade) => {
      const call = library[name];
      library[name] = (...given) => {
        const status = call(...given);
        const handle = isMade ? isMade(given, status) : given[0];
        if (handle) open[kind] = (open[kind] ?? 0) + (isMade ? 1 : -1);
        return status;
      };
    };
    count('mlab_request_new', 'request', (_, made) => made);
    count('mlab_request_free', 'request');
    count('mlab_client_next_event', 'event', ([, , out], status) => status === 0 && out[0]);
    count('mlab_event_free', 'event');
    count('mlab_event_take_result', 'result', (_, made) => made);
    count('mlab_result_free', 'result');
    const ids = Array(20).fill('12202888');
    for (let i = 0; i < 40; i++) await Promise.all(ids.map((id) => client.wait(id)));
    for (let i = 0; i < 10; i++) for await (const _ of client.events(ids));
    const slow = ids.map((_, i) => client.wait('free-' + i, { pollMs: { min: 1000 }, onProgress: () => { open.progress = 0; } }));
    await Promise.all(slow);
    console.log(JSON.stringify(open));`);
  assert.deepEqual(JSON.parse(stdout), { request: 0, event: 0, result: 0, progress: 0 });
});

test('a call that throws leaves no request behind', async () => {
  await patched(`
    let [made, freed] = [0, 0];
    for (const name of ['mlab_request_new', 'mlab_request_new_download', 'mlab_request_free']) {
      const call = library[name];
      library[name] = (...given) => (name.endsWith('free') ? freed++ : made++, call(...given));
    }
    const url = 'http://127.0.0.1/1.png';
    const calls = [null, { signal: 5 }, { signal: AbortSignal.abort() }, { pollMs: null }, { none: 1 }].flatMap((options) => [
      client.wait('1', options), client.downloadMemory(url, options), ...(options ? [client.events('1', options).next()] : []),
    ]);
    const ends = await Promise.allSettled(calls);
    if (ends.some(({ status }) => status === 'fulfilled') || made === 0 || made !== freed) throw new Error(\`\${made} made, \${freed} freed\`);`);
});

test('an event that cannot be copied fails its job alone', async () => {
  await patched(`
    const body = library.mlab_result_body;
    library.mlab_result_body = (result, length) => {
      if (library.mlab_result_id(result) === '12202888') throw new RangeError('no memory');
      return body(result, length);
    };
    const others = [1, 2, 3].map((n) => client.wait('copy-' + n, { pollMs: { min: 1000 } }));
    const iterate = async () => { for await (const _ of client.events(['12202888', 'never-copy'])); };
    const ends = await Promise.allSettled([client.wait('12202888'), iterate()]);
    if (ends.some(({ reason }) => reason?.message !== 'no memory')) throw ends;
    const results = await Promise.all(others);
    if (!results.every(({ ready }) => ready) || client.pending > 1) throw new Error(client.pending + ' jobs');`);
});

test('where no event can come any more everything open fails, and the client ends', async () => {
  const { stdout } = await patched(`
    const iterate = async () => { for await (const _ of client.events(['never-1', 'never-2'])); };
    const calls = [client.wait('never-3'), client.fetch('slow-30-internal'), iterate()];
    setTimeout(() => (library.mlab_client_next_event = () => -8), 100);
    const statuses = (await Promise.allSettled(calls)).map(({ reason }) => reason?.status);
    await client.close();
    const after = await client.wait('1').catch((error) => error);
    console.log(JSON.stringify([...statuses, after.status, client.pending]));`);
  assert.equal(stdout.trim(), JSON.stringify([Status.INTERNAL, Status.INTERNAL, Status.INTERNAL, Status.CLOSED, 0]));
});

test('a program\'s diagnostic reports stay as it has set them', async () => {
  for (const wanted of [false, true]) {
    const { stdout } = await run(process.execPath, ['-e', `
      process.report.excludeNetwork = ${wanted};
      require('mlab-client');
      console.log(process.report.excludeNetwork);`]);
    assert.equal(stdout, `${wanted}\n`);
  }
});

test('where there is no descriptor the clock does', async () => {
  await patched(`
    library.mlab_client_event_fd = () => -1;
    const result = await client.wait('clock-1', { pollMs: { min: 1000 }, etaMs: 600 });
    if (result.urls.length !== 1) throw new Error('no image');`);
});

test('the process ends with jobs and polls open', async () => {
  const at = performance.now();
  await program(`client.wait('never-9'); client.fetch('slow-30-exit'); setTimeout(() => process.exit(0), 200);`);
  await program(`
    const own = new Client('${KEY}', { endpoint: process.env.MLAB_TEST_HTTP, transport: () => new Promise(() => {}) });
    own.wait('1'); own.fetch('2'); setTimeout(() => process.exit(0), 200);`);
  assert.ok(performance.now() - at < 20_000, `${performance.now() - at} ms`);
});

test('an idle client keeps no process', async () => {
  const { stdout } = await program(`console.log((await client.wait('12202888')).urls.length);
    const own = new Client('${KEY}', { endpoint: process.env.MLAB_TEST_HTTP, transport: (each) => fetch(each.url, each) });
    console.log((await own.fetch('12202888')).urls.length);`);
  assert.equal(stdout, '4\n4\n');
});
