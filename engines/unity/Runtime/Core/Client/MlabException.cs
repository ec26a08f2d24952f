using System;

namespace Mlab
{
    /// <summary>
    /// What went wrong. There is one class a group of statuses, so that a catch clause names what it can mend; a status
    /// of a later version finds its place by its group. This class itself is that of a group of a later version.
    /// </summary>
    public class MlabException : Exception
    {
        /// <summary>What happened, in one number.</summary>
        public Status Status { get; }

        /// <summary>What kind of trouble it is.</summary>
        public StatusGroup Group { get; }

        /// <summary>The result that came with it: attempts, body, the last known eta. Null where nothing was asked.</summary>
        public Result Result { get; }

        /// <summary>Whether the same call may succeed later without anything being changed.</summary>
        public bool IsRetryable { get { return Result != null && Result.IsRetryable; } }

        /// <summary>How long the server wants to be left alone; null if it did not say.</summary>
        public TimeSpan? RetryAfter { get { return Result == null ? null : Result.RetryAfter; } }

        internal MlabException(StatusGroup group, Status status, string message, Result result)
            : base(message)
        {
            Status = status;
            Group = group;
            Result = result;
        }

        /// <summary>The exception of a status, by its group; without a message it gets that of the status.</summary>
        internal static MlabException Of(Status status, string message, Result result)
        {
            if (string.IsNullOrEmpty(message))
                message = Utf8.Read(MlabNative.mlab_status_text((int)status));
            var group = (StatusGroup)MlabNative.mlab_status_group((int)status);
            switch (group)
            {
                case StatusGroup.Argument: return new MlabArgumentException(status, message, result);
                case StatusGroup.Ended:
                    return status == Status.Deadline
                        ? new MlabDeadlineException(status, message, result)
                        : new MlabEndedException(status, message, result);
                case StatusGroup.System: return new MlabSystemException(status, message, result);
                case StatusGroup.Network: return new MlabNetworkException(status, message, result);
                case StatusGroup.Account:
                    return status == Status.RateLimited
                        ? new MlabRateLimitException(status, message, result)
                        : new MlabAccountException(status, message, result);
                case StatusGroup.Job: return new MlabJobException(status, message, result);
                case StatusGroup.Image: return new MlabImageException(status, message, result);
                default: return new MlabException(group, status, message, result);
            }
        }

        /// <summary>An argument that never reached the library.</summary>
        internal static MlabException Refuse(string name, string why)
        {
            return new MlabArgumentException(Status.InvalidArgument, name + ": " + why, null);
        }
    }

    /// <summary>An argument was wrong, and nothing was sent. The message names it.</summary>
    public sealed class MlabArgumentException : MlabException
    {
        internal MlabArgumentException(Status status, string message, Result result)
            : base(StatusGroup.Argument, status, message, result) { }
    }

    /// <summary>
    /// The deadline came, which is a class of its own, or the client was disposed. (A cancelled token throws
    /// <see cref="OperationCanceledException"/>, as everywhere in .NET.)
    /// </summary>
    public class MlabEndedException : MlabException
    {
        internal MlabEndedException(Status status, string message, Result result)
            : base(StatusGroup.Ended, status, message, result) { }
    }

    /// <summary>The job was not ready in time: wait again with the same id. The result has the last thing known.</summary>
    public sealed class MlabDeadlineException : MlabEndedException
    {
        internal MlabDeadlineException(Status status, string message, Result result) : base(status, message, result) { }
    }

    /// <summary>This library, or the system under it: too much at once, no memory, a defect.</summary>
    public sealed class MlabSystemException : MlabException
    {
        internal MlabSystemException(Status status, string message, Result result)
            : base(StatusGroup.System, status, message, result) { }
    }

    /// <summary>
    /// The way to the server, or the server itself. Most of it passes: see <see cref="MlabException.IsRetryable"/>.
    /// </summary>
    public sealed class MlabNetworkException : MlabException
    {
        internal MlabNetworkException(Status status, string message, Result result)
            : base(StatusGroup.Network, status, message, result) { }
    }

    /// <summary>The key, and what its account may do and pay for; a rate limit is a class of its own.</summary>
    public class MlabAccountException : MlabException
    {
        internal MlabAccountException(Status status, string message, Result result)
            : base(StatusGroup.Account, status, message, result) { }
    }

    /// <summary>Too many requests: <see cref="MlabException.RetryAfter"/> says how long to wait.</summary>
    public sealed class MlabRateLimitException : MlabAccountException
    {
        internal MlabRateLimitException(Status status, string message, Result result) : base(status, message, result) { }
    }

    /// <summary>The job is unknown, has failed, or was refused for a reason of its own.</summary>
    public sealed class MlabJobException : MlabException
    {
        internal MlabJobException(Status status, string message, Result result)
            : base(StatusGroup.Job, status, message, result) { }
    }

    /// <summary>An image or its file.</summary>
    public sealed class MlabImageException : MlabException
    {
        internal MlabImageException(Status status, string message, Result result)
            : base(StatusGroup.Image, status, message, result) { }
    }
}
