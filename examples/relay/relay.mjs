// A relay between players and ModelsLab: takes a player's token where the API key would be, puts the real key in, and
// forwards the poll. Node 20 or later, standard library only. README.md says how it is run; docs/keys.md why.
//
// What is yours to replace is at the top: who a token belongs to, and which ids that player may poll.

import { createHash } from "node:crypto";
import http from "node:http";
import https from "node:https";

const settings = readSettings(process.env);

/** Which player a token belongs to; undefined if it is nobody's. Replace it with your own login. */
function playerOf(token) {
  return settings.players.get(digest(token));
}

/** Whether a player may poll an id. Ids are numbers in a row and easily guessed: look the id up among the jobs that your
 * server started for this player. */
function mayPoll(_player, _id) {
  return true;
}

// ---------------------------------------------------------------------------------------------------------------------

/** Between two polls of one id at the service. The service answers faster ones with a penalty. */
const POLL_INTERVAL_MS = 1000;
/** The library gives a poll 30 s: we must know sooner, to answer with a reason. */
const UPSTREAM_TIMEOUT_MS = 25_000;
/** If the service limits us and does not say how long. */
const DEFAULT_PAUSE_MS = 30_000;
/** The longest pause that is believed. */
const MAX_PAUSE_MS = 3_600_000;
/** A token may have 4096 bytes, and JSON may escape each. */
const MAX_REQUEST_BYTES = 32 * 1024;
const MAX_REPLY_BYTES = 1024 * 1024;
/** Ids that nobody has asked for in this time are forgotten. */
const FORGET_AFTER_MS = 60_000;

/** What is known of each id: when it was last polled, the poll under way, the last reply. */
const jobs = new Map();
/** What each player may still ask. */
const buckets = new Map();
/** Until then the service wants no poll of ours, whatever the id. */
let quietUntil = 0;

const server = http.createServer(async (request, response) => {
  const note = { player: "-", id: "-" };
  let reply;
  try {
    reply = await answer(request, note);
  } catch {
    // The reason may quote the request, and with it the token.
    reply = error(500, "The relay failed.");
  }
  // First, so that no reply is without a line. Players by their names: a token in a log is a token lost.
  console.log(`${new Date().toISOString()} ${note.player} ${note.id} ${reply.code}`);
  const body = Buffer.from(reply.body);
  response.writeHead(reply.code, { ...reply.headers, "Content-Length": body.length });
  response.end(body);
});

/** Answers one request of a player. */
async function answer(request, note) {
  const path = /^\/fetch\/([A-Za-z0-9._~-]{1,128})$/.exec(request.url);
  if (!path || path[1] === "." || path[1] === "..") return error(404, "The path is /fetch/ and an id.");
  if (request.method !== "POST") return error(405, "The method is POST.", { Allow: "POST" });
  const token = tokenIn(await bodyOf(request, MAX_REQUEST_BYTES));
  const player = token && playerOf(token);
  // The service's own words, which the library reads as MLAB_E_AUTH.
  if (!player) return error(401, "Invalid API key");
  note.player = player;
  note.id = path[1];
  if (!mayPoll(player, note.id)) return error(404, "Request not found");
  const waitMs = takeTurn(player);
  if (waitMs > 0) return limited(waitMs);
  return poll(note.id);
}

/** The token is where the library puts its key: in the JSON body. */
function tokenIn(body) {
  try {
    const token = JSON.parse(body).key;
    return typeof token === "string" ? token : undefined;
  } catch {
    return undefined;
  }
}

/** Takes one request from a player's bucket. Returns 0, or how long it takes until there is one again. */
function takeTurn(player) {
  const now = Date.now();
  const most = settings.perMinute;
  const bucket = buckets.get(player) ?? { left: most, at: now };
  bucket.left = Math.min(most, bucket.left + ((now - bucket.at) * most) / 60_000);
  bucket.at = now;
  buckets.set(player, bucket);
  if (bucket.left < 1) return Math.ceil(((1 - bucket.left) * 60_000) / most);
  bucket.left -= 1;
  return 0;
}

/** One poll of an id a second at the service, however many ask: who comes while it is under way waits for it, who comes
 * after it gets what it brought. */
async function poll(id) {
  const job = jobs.get(id) ?? { asked: 0, started: 0, running: undefined, last: undefined };
  jobs.set(id, job);
  job.asked = Date.now();
  if (job.running) return job.running;
  if (job.last && job.asked - job.started < POLL_INTERVAL_MS) return job.last;
  if (job.asked < quietUntil) return job.last ?? limited(quietUntil - job.asked);
  job.started = job.asked;
  job.running = forward(id);
  try {
    job.last = await job.running;
  } finally {
    job.running = undefined;
  }
  return job.last;
}

/** Asks the service, with the real key. Never throws. */
async function forward(id) {
  let upstream;
  try {
    upstream = await send(settings.upstream.replace("{id}", id), JSON.stringify({ key: settings.key }));
  } catch (failure) {
    // A code such as ECONNREFUSED; the message could hold more.
    return error(502, `The service could not be reached (${failure.code ?? "no reason given"}).`);
  }
  const { code, headers, body } = upstream;
  // Followed, a redirect could take the key to another host.
  if (code >= 300 && code < 400) return error(502, "The service redirects: correct RELAY_UPSTREAM.");
  const said = { "Content-Type": headers["content-type"] ?? "application/json" };
  if (headers["retry-after"]) said["Retry-After"] = headers["retry-after"];
  if (code === 429) quietUntil = Date.now() + pauseOf(headers["retry-after"]);
  return { code, headers: said, body: withoutKey(body) };
}

/** Sends one request; a kept connection that turns out to be dead is replaced once. */
function send(url, body, isSecond = false) {
  const { request: start, agent } = url.startsWith("https:") ? secure : plain;
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(UPSTREAM_TIMEOUT_MS);
    const request = start(url, { method: "POST", agent, headers, signal }, (reply) => {
      bodyOf(reply, MAX_REPLY_BYTES).then(
        (text) => resolve({ code: reply.statusCode, headers: reply.headers, body: text }),
        reject,
      );
    });
    request.on("error", (failure) => {
      const isDead = request.reusedSocket && failure.code === "ECONNRESET" && !isSecond;
      isDead ? send(url, body, true).then(resolve, reject) : reject(failure);
    });
    request.end(body);
  });
}

const plain = { request: http.request, agent: new http.Agent({ keepAlive: true }) };
const secure = { request: https.request, agent: new https.Agent({ keepAlive: true }) };

async function bodyOf(message, limit) {
  const chunks = [];
  let length = 0;
  for await (const chunk of message) {
    length += chunk.length;
    if (length > limit) throw Object.assign(new Error("too large"), { code: "TOO_LARGE" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Servers have been seen to quote the key that they refuse. */
function withoutKey(text) {
  const inJson = JSON.stringify(settings.key).slice(1, -1);
  const spellings = [settings.key, inJson, inJson.replaceAll("/", "\\/")];
  return spellings.reduce((left, spelling) => left.replaceAll(spelling, "***"), text);
}

function pauseOf(retryAfter) {
  const ms = Number.parseFloat(retryAfter) * 1000;
  return ms >= 0 ? Math.min(ms, MAX_PAUSE_MS) : DEFAULT_PAUSE_MS;
}

function limited(waitMs) {
  const seconds = Math.ceil(waitMs / 1000);
  return error(429, "Rate limit exceeded.", { "Retry-After": String(seconds) });
}

/** An error in the shape of the service's own. */
function error(code, message, headers = {}) {
  const body = JSON.stringify({ status: "error", message });
  return { code, headers: { "Content-Type": "application/json", ...headers }, body };
}

/** Tokens are looked up by their digest: the time that a lookup takes then tells nothing about a token. */
function digest(token) {
  return createHash("sha256").update(token).digest("hex");
}

function readSettings(environment) {
  const stop = (why) => {
    console.error(`relay: ${why}`);
    process.exit(2);
  };
  const key = environment.MODELSLAB_API_KEY ?? "";
  if (!key) stop("set MODELSLAB_API_KEY to the key of your account");
  const upstream = environment.RELAY_UPSTREAM ?? "https://modelslab.com/api/v1/enterprise/flux/fetch/{id}";
  const url = URL.canParse(upstream) ? new URL(upstream) : undefined;
  const isHere = ["127.0.0.1", "[::1]", "localhost"].includes(url?.hostname);
  if (!upstream.includes("/{id}") || !(url?.protocol === "https:" || (url?.protocol === "http:" && isHere)))
    stop("RELAY_UPSTREAM must be an https URL with {id} in its path");
  const players = new Map();
  for (const entry of (environment.RELAY_TOKENS ?? "").split(",").filter(Boolean)) {
    const at = entry.indexOf("=");
    if (at < 1 || at === entry.length - 1) stop("RELAY_TOKENS must be name=token,name=token");
    players.set(digest(entry.slice(at + 1)), entry.slice(0, at));
  }
  if (players.size === 0) stop("set RELAY_TOKENS to name=token,name=token, or replace playerOf()");
  const number = (name, usual, least, most) => {
    const value = Number(environment[name] ?? usual);
    if (!(value >= least && value <= most)) stop(`${name} must be a number from ${least} to ${most}`);
    return value;
  };
  const port = number("RELAY_PORT", 8787, 0, 65535);
  return { key, upstream, players, port, perMinute: number("RELAY_PER_MINUTE", 60, 1, 100_000) };
}

setInterval(() => {
  const now = Date.now();
  for (const [id, job] of jobs) if (!job.running && now - job.asked > FORGET_AFTER_MS) jobs.delete(id);
  for (const [player, bucket] of buckets) if (now - bucket.at > FORGET_AFTER_MS) buckets.delete(player);
}, FORGET_AFTER_MS).unref();

// A player who sends nothing holds a socket for this long.
server.requestTimeout = 10_000;
// TLS is the affair of the reverse proxy in front.
server.listen(settings.port, "127.0.0.1", () => {
  console.log(`endpoint: http://127.0.0.1:${server.address().port}/fetch/{id}`);
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
