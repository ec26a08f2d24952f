import mlab from './index.cjs';

export const {
  Client, Result, parse, Status, StatusGroup, version,
  MlabError, ArgumentError, EndedError, DeadlineError, SystemError, NetworkError, AccountError, RateLimitError, JobError,
  ImageError,
} = mlab;
