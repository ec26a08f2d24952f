/// <reference lib="esnext.disposable" />
/** What went wrong, or how a job stands. */
export { Status, StatusGroup } from './raw.cjs';

/** The version of the native library. */
export declare const version: string;

/** Times are in milliseconds; null is "not said". */
export interface ImageInfo {
  /** image/png, image/jpeg, image/webp, image/gif, image/avif or video/mp4. */
  readonly type: string;
  /** In pixels; 0 if its header does not say. */
  readonly width: number;
  readonly height: number;
  /** null if it went into a file. */
  readonly bytes: Uint8Array | null;
  /** null if it is in memory. */
  readonly path: string | null;
}

export declare class Result {
  private constructor();
  readonly status: number;
  readonly urls: string[];
  /** The same as `urls`, as the vendor's reply calls them. */
  readonly output: string[];
  readonly ready: boolean;
  readonly message: string;
  readonly id: string;
  /** 0 if there was no reply. */
  readonly httpStatus: number;
  readonly etaMs: number | null;
  readonly retryAfterMs: number | null;
  readonly retryable: boolean;
  readonly attempts: number;
  readonly elapsedMs: number;
  /** null where an image is missing. */
  readonly images: (ImageInfo | null)[];
  /** The reply as it came, with *** for the key. */
  readonly body: Uint8Array;
}

/** One HTTP request to send, as fetch() takes it: `(exchange) => fetch(exchange.url, exchange)`. */
export interface Exchange {
  readonly url: string;
  /** POST for a poll, GET for an image. */
  readonly method: string;
  readonly headers: Record<string, string>;
  /** That of a poll holds your key: send it, and do nothing else with it. */
  readonly body: (Uint8Array & { readonly buffer: ArrayBuffer }) | null;
  readonly redirect: 'manual';
  /** Aborted when nobody waits for the reply any more. */
  readonly signal: AbortSignal;
  /** The largest body that is taken, in bytes. */
  readonly bodyLimit: number;
  readonly isImage: boolean;
}

/** A Response of fetch(), or its parts. A body that is a stream is read no further than the exchange's limit. */
export type Reply =
  | {
      status: number;
      headers?: Record<string, string> | Iterable<[string, string]>;
      body?: Uint8Array | string | AsyncIterable<Uint8Array> | null;
    }
  | {
      status: number;
      headers: { has(name: string): boolean } & Iterable<[string, string]>;
      body: object | null;
      arrayBuffer(): Promise<ArrayBuffer>;
    };

export interface ClientOptions {
  /** A URL with {id} in it. */
  endpoint?: string;
  connectTimeoutMs?: number;
  requestTimeoutMs?: number;
  bodyLimit?: number;
  userAgent?: string;
  /** null is the environment's, '' is none. */
  proxy?: string | null;
  caFile?: string;
  caPem?: string;
  roots?: 'bundled' | 'system';
  retries?: number;
  requestsPerSecond?: number;
  workers?: number;
  maxJobs?: number;
  imageLimit?: number;
  maxImages?: number;
  /** Performs the HTTP exchanges in place of the library. What it throws is a reply that did not come. */
  transport?: (exchange: Exchange) => Reply | Promise<Reply>;
}

export interface Abortable {
  /** Ends the call; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface JobOptions extends Abortable {
  /** 10 minutes unless set. */
  deadlineMs?: number;
  /** What the generation call said, in milliseconds; its `eta` is in seconds. */
  etaMs?: number;
  /** 2 to 15 seconds unless set. */
  pollMs?: { min?: number; max?: number };
  /** A folder that the images go into. */
  downloadDir?: string;
  /** Take the images into memory, each of at most so many bytes. */
  downloadMemory?: number;
}

export interface Progress {
  readonly kind: 'progress';
  readonly status: number;
  readonly polls: number;
  readonly elapsedMs: number;
  readonly etaMs: number | null;
  readonly nextPollMs: number | null;
  readonly bytesDone: number;
  readonly bytesTotal: number | null;
}

export interface Done extends Omit<Progress, 'kind'> {
  readonly kind: 'done';
  readonly result: Result;
}

export interface ImageThere extends Omit<Progress, 'kind'> {
  readonly kind: 'image';
  /** That of its URL; `result.images[index]` has the image. */
  readonly index: number;
  readonly result: Result;
}

/** Text, or a number as long as it is exact. */
export type Id = string | number | bigint;

export declare class Client {
  /** Without a key, that of MODELSLAB_API_KEY, then API_KEY. */
  constructor(key?: string | null, options?: ClientOptions);
  constructor(options: ClientOptions);
  /** Asks once: the images, or a result whose status is Status.PROCESSING. */
  fetch(id: Id, options?: Abortable): Promise<Result>;
  /** Waits until the images are there. What onProgress throws, or rejects with, ends the wait. */
  wait(id: Id, options?: JobOptions & { onProgress?: (progress: Progress) => unknown }): Promise<Result>;
  /** What happens to jobs, as it happens. A job that failed is a `done` with its result, not an error. */
  events(ids: Id | Id[], options?: JobOptions & { imageEvents?: boolean }): AsyncGenerator<(Progress | ImageThere | Done) & { readonly id: string }, void, void>;
  /** Downloads one image into a file, whole or not at all. */
  download(url: string, path: string, options?: Abortable & { deadlineMs?: number; onProgress?: (progress: Progress) => unknown }): Promise<Result>;
  /** Downloads one image: `result.images[0].bytes`. */
  downloadMemory(url: string, options?: Abortable & { deadlineMs?: number; downloadMemory?: number; onProgress?: (progress: Progress) => unknown }): Promise<Result>;
  /** How many jobs are open. */
  readonly pending: number;
  /** Ends what is under way with an EndedError. Resolves when nothing of the client runs any more. */
  close(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  /** The same, for `using`, which waits for nothing. */
  [Symbol.dispose](): void;
}

/** Rules on a reply that came some other way, such as a webhook's body. Sends nothing. */
export declare function parse(body: string | Uint8Array, httpStatus?: number): Result;

/** Something went wrong; the classes below say what kind of thing. */
export declare class MlabError extends Error {
  readonly status: number;
  /** The status as the header names it, such as 'MLAB_E_AUTH'. */
  readonly code: string;
  readonly result?: Result;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
}
/** You passed something wrong; nothing was sent. */
export declare class ArgumentError extends MlabError {}
/** It was ended on this side: by its deadline, or close(). */
export declare class EndedError extends MlabError {}
/** The job was not ready in time: wait again with the same id. The result has the last thing known. */
export declare class DeadlineError extends EndedError {}
/** This library, or the system under it. */
export declare class SystemError extends MlabError {}
/** The way to the server, or the server itself; most of it passes. */
export declare class NetworkError extends MlabError {}
/** The key, and what its account may do and pay for. */
export declare class AccountError extends MlabError {}
/** The server wants to be asked less often: see retryAfterMs. */
export declare class RateLimitError extends AccountError {}
/** The job: unknown, failed, or refused for a reason of its own. */
export declare class JobError extends MlabError {}
/** An image or its file. */
export declare class ImageError extends MlabError {}
