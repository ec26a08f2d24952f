// Compiled by tests/bindings/node.rs, never run: what a program in TypeScript may write, and what it may not.
import { Client, MlabError, RateLimitError, Status, parse, type Exchange, type Id, type Result } from 'mlab-client';

const transport = (exchange: Exchange) => fetch(exchange.url, exchange);
const client = new Client({ endpoint: 'https://images.example/fetch/{id}', transport });
const ids: Id[] = ['1', 2, 3n];
const result: Result = await client.wait(ids[0]!, { signal: AbortSignal.timeout(1000), onProgress: ({ polls }) => polls + 1 });
const urls: string[] = result.status === Status.OK ? result.urls : parse('{}').output;
const path: string | null | undefined = result.images[0]?.path;

for await (const event of client.events(ids, { imageEvents: true })) {
  if (event.kind === 'image') event.result.images[event.index];
  if (event.kind === 'done') event.result.urls.concat(urls);
  // @ts-expect-error: a progress has no result
  if (event.kind === 'progress') event.result;
}
await client.fetch(1).catch((error: unknown) => {
  if (error instanceof RateLimitError) return error.retryAfterMs ?? 0;
  if (error instanceof MlabError) return error.result?.body.byteLength;
  return path;
});
await new Client('key', { transport: async () => ({ status: 200, headers: { a: 'b' }, body: '{}' }) }).close();
async function* pieces() {
  yield new Uint8Array(1);
}
await using disposed = new Client('key', { transport: () => ({ status: 200, body: pieces() }) });
await disposed.wait('1', { onProgress: async () => { await disposed.close(); } });

// @ts-expect-error: a body is no number
new Client('key', { transport: () => ({ status: 200, body: 7 }) });

// @ts-expect-error: there is no such option
new Client('key', { endpoints: 'x' });
// @ts-expect-error: an id is no object
await client.wait({});
// @ts-expect-error: a status is a number
const text: string = result.status;
