// Waits for one queued job with a progress line, and prints the URLs of its images, or saves them and prints where.
// Ctrl-C stops it at once.
//
//     MODELSLAB_API_KEY=... node wait.mjs 12202888 [eta in seconds, as the generation call said]
//
// MLAB_IMAGES is a folder to save the images into; MLAB_ENDPOINT and MLAB_CA_FILE are for a server of your own.
//
// Exit code: 0 the images are there, 3 not yet when the deadline came, 130 stopped by Ctrl-C, 1 something went wrong,
// 2 wrong use.
import { Client, MlabError, Status } from 'mlab-client';

const [id, eta, ...rest] = process.argv.slice(2);
if (!id || rest.length > 0 || (eta && !(Number(eta) >= 0))) {
  console.error('usage: node wait.mjs ID [ETA IN SECONDS]');
  process.exit(2);
}

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

function onProgress({ elapsedMs, polls, nextPollMs, etaMs }) {
  const next = nextPollMs === null ? '' : `, next in ${((nextPollMs - elapsedMs) / 1000).toFixed(1)} s`;
  const more = etaMs === null ? '' : `, the server expects ${(etaMs / 1000).toFixed(1)} s more`;
  console.error(`${(elapsedMs / 1000).toFixed(1)} s, ${polls} ${polls === 1 ? 'poll' : 'polls'}${next}${more}`);
}

async function main() {
  const { MLAB_ENDPOINT: endpoint, MLAB_CA_FILE: caFile, MLAB_IMAGES: downloadDir } = process.env;
  const client = new Client({ endpoint, caFile });
  const etaMs = eta && Number(eta) * 1000;
  const { urls, images } = await client.wait(id, { etaMs, downloadDir, onProgress, signal: interrupt.signal });
  if (downloadDir) for (const { path, type, width, height } of images) console.log(`${path} (${type}, ${width} x ${height})`);
  else for (const url of urls) console.log(url);
}

main().catch((error) => {
  if (interrupt.signal.aborted) process.exit(130);
  if (!(error instanceof MlabError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exit(error.status === Status.DEADLINE ? 3 : 1);
});
