// What the tests share. tests/bindings/node.rs puts the addresses of the servers into the environment.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import * as mlab from 'mlab-client';

export const { MLAB_TEST_HTTP: endpoint, MLAB_TEST_HTTPS, MLAB_TEST_UTF8, MLAB_TEST_BINARY, MLAB_TEST_UNREACHABLE } = process.env;
assert.ok(endpoint, 'tests/bindings/node.rs says where the servers are');
export const KEY = 'test-key-not-real';
export const fast = { pollMs: { min: 1000 }, etaMs: 600 };
const LIBRARY = createRequire(import.meta.url).resolve('mlab-client').replace('index.cjs', 'library.cjs');
export const run = promisify(execFile);

export const rejects = (promise, kind, status) =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof kind && error instanceof mlab.MlabError, error);
    assert.equal(error.status, status);
    return true;
  });

/** Whatever else the machine does may hold a call up: the best of three tries counts. */
export async function bestOfThree(name, limit, call) {
  const took = [];
  while (took.length < 3 && took.every((each) => each >= limit)) took.push(await call(took.length));
  assert.ok(took.some((each) => each < limit), `${name}: ${took} ms`);
}

export const atOnce = (name, call) => bestOfThree(name, 300, call);

/** A program of its own, since it ends or is interrupted; it takes no more than what is put before it. */
export const program = (body) => run(process.execPath, ['--input-type=module', '-e', `
  import { Client } from 'mlab-client';
  const client = new Client('${KEY}', { endpoint: process.env.MLAB_TEST_HTTP });
  ${body}`], { timeout: 20_000 });

/** The same with `library`: the functions of C, to be replaced by others. */
export const patched = (body) => program(`
  import { createRequire } from 'node:module';
  const library = createRequire('/')(${JSON.stringify(LIBRARY)});
  ${body}`);
