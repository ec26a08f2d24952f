// Times calls for `cargo bench --bench bindings`, and prints nanoseconds a call:
//
//     bench.mjs fetch SAMPLES BATCH URL
//     bench.mjs parse SAMPLES BATCH FILE
import { readFileSync } from 'node:fs';
import { Client, parse } from 'mlab-client';

const [mode, samples, batch, target] = process.argv.slice(2);

function print(took, result) {
  took.sort((one, other) => one - other);
  const length = result.urls.reduce((sum, url) => sum + url.length, 0);
  const at = (part) => took[Math.floor(took.length * part)];
  console.log(`bytes=${length} min=${took[0]} median=${at(0.5)} p90=${at(0.9)}`);
}

const WARMING_MS = 400;

const took = [];
let result;
const sample = (start) => took.push(Number(process.hrtime.bigint() - start) / Number(batch));
if (mode === 'fetch') {
  const client = new Client('test-key-not-real', { endpoint: target });
  const warmAt = performance.now() + WARMING_MS;
  while (performance.now() < warmAt) await client.fetch('12202888');
  for (let i = 0; i < Number(samples); i++) {
    const start = process.hrtime.bigint();
    for (let j = 0; j < Number(batch); j++) result = await client.fetch('12202888');
    sample(start);
  }
  await client.close();
} else {
  const body = readFileSync(target);
  const warmAt = performance.now() + WARMING_MS;
  while (performance.now() < warmAt) parse(body, 200);
  for (let i = 0; i < Number(samples); i++) {
    const start = process.hrtime.bigint();
    for (let j = 0; j < Number(batch); j++) result = parse(body, 200);
    sample(start);
  }
}
print(took, result);
