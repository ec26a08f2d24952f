// What goes wrong, as JavaScript has it: one class a group of statuses.
'use strict';
const mlab = require('./library.cjs');
const { Status, StatusGroup } = require('./raw.cjs');

/** Something went wrong; the classes below say what kind of thing. */
class MlabError extends Error {
  /**
   * @param {number} status one of Status
   * @param {string} message
   * @param {import('./result.cjs').Result} [result]
   */
  constructor(status, message, result) {
    super(message || mlab.mlab_status_text(status));
    this.name = new.target.name;
    this.status = status;
    this.code = mlab.mlab_status_name(status);
    this.result = result;
  }

  /** Whether the same call may succeed later without anything being changed. */
  get retryable() {
    return this.result?.retryable ?? false;
  }

  /** How long the server wants to be left alone, in milliseconds; null if it did not say. */
  get retryAfterMs() {
    return this.result?.retryAfterMs ?? null;
  }
}

/** You passed something wrong; nothing was sent. */
class ArgumentError extends MlabError {}
/** It was ended on this side: by its deadline, which is a class of its own, a cancel, close(). */
class EndedError extends MlabError {}
/** The job was not ready in time: wait again with the same id. The result has the last thing known. */
class DeadlineError extends EndedError {}
/** This library, or the system under it. */
class SystemError extends MlabError {}
/** The way to the server, or the server itself; most of it passes. */
class NetworkError extends MlabError {}
/** The key, and what its account may do and pay for. */
class AccountError extends MlabError {}
/** The server wants to be asked less often: see retryAfterMs. */
class RateLimitError extends AccountError {}
/** The job: unknown, failed, or refused for a reason of its own. */
class JobError extends MlabError {}
/** An image or its file. */
class ImageError extends MlabError {}

const CLASSES = new Map([
  [StatusGroup.ARGUMENT, ArgumentError],
  [StatusGroup.ENDED, EndedError],
  [StatusGroup.SYSTEM, SystemError],
  [StatusGroup.NETWORK, NetworkError],
  [StatusGroup.ACCOUNT, AccountError],
  [StatusGroup.JOB, JobError],
  [StatusGroup.IMAGE, ImageError],
]);

/** Those that programs treat by themselves. */
const OF_STATUS = new Map([
  [Status.DEADLINE, DeadlineError],
  [Status.RATE_LIMITED, RateLimitError],
]);

/** The error for a status; of a group that a later library has, a SystemError. */
function errorFor(status, message, result) {
  const kind = OF_STATUS.get(status) ?? CLASSES.get(mlab.mlab_status_group(status)) ?? SystemError;
  return new kind(status, message, result);
}

module.exports = {
  errorFor, MlabError, ArgumentError, EndedError, DeadlineError, SystemError, NetworkError, AccountError, RateLimitError,
  JobError, ImageError,
};
