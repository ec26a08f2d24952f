using System;

namespace Mlab
{
    /// <summary>
    /// What went wrong. There is one class a group of statuses, so that a catch clause names what it can mend; a status
    /// of a later version finds its place by its group.
    /// </summary>
    public class MlabException : Exception
    {
        /// <summary>What happened, in one number.</summary>
        public Status Status { get; }

        /// <summary>What kind of trouble it is.</summary>
        public StatusGroup Group { get; }

        /// <summary>The result that came with it: retry-after, attempts, body. Null where nothing was asked.</summary>
        public Result Result { get; }

        internal MlabException(Status status, StatusGroup group, string message, Result result)
            : base(message)
        {
            Status = status;
            Group = group;
            Result = result;
        }

        /// <summary>The exception of a status, by its group.</summary>
        internal static MlabException Of(Status status, string message, Result result)
        {
            var group = (StatusGroup)MlabNative.mlab_status_group((int)status);
            if (string.IsNullOrEmpty(message))
                message = Utf8.Read(MlabNative.mlab_status_text((int)status));
            switch (group)
            {
                case StatusGroup.Argument: return new MlabArgumentException(status, group, message, result);
                case StatusGroup.Ended: return new MlabEndedException(status, group, message, result);
                case StatusGroup.Network: return new MlabNetworkException(status, group, message, result);
                case StatusGroup.Account: return new MlabAccountException(status, group, message, result);
                case StatusGroup.Job: return new MlabJobException(status, group, message, result);
                case StatusGroup.Image: return new MlabImageException(status, group, message, result);
                default: return new MlabSystemException(status, group, message, result);
            }
        }

        /// <summary>An argument that never reached the library.</summary>
        internal static MlabException Refuse(string name, string why)
        {
            return new MlabArgumentException(Status.InvalidArgument, StatusGroup.Argument, name + ": " + why, null);
        }
    }

    /// <summary>An argument was wrong, and nothing was sent. The message names it.</summary>
    public sealed class MlabArgumentException : MlabException
    {
        internal MlabArgumentException(Status status, StatusGroup group, string message, Result result)
            : base(status, group, message, result) { }
    }

    /// <summary>
    /// The deadline came, or the client was disposed. (A cancelled token throws <see cref="OperationCanceledException"/>,
    /// as everywhere in .NET.)
    /// </summary>
    public sealed class MlabEndedException : MlabException
    {
        internal MlabEndedException(Status status, StatusGroup group, string message, Result result)
            : base(status, group, message, result) { }
    }

    /// <summary>This library, or the system under it: too much at once, no memory, a defect.</summary>
    public sealed class MlabSystemException : MlabException
    {
        internal MlabSystemException(Status status, StatusGroup group, string message, Result result)
            : base(status, group, message, result) { }
    }

    /// <summary>The way to the server, or the server itself. Most of it passes: see <see cref="Result.IsRetryable"/>.</summary>
    public sealed class MlabNetworkException : MlabException
    {
        internal MlabNetworkException(Status status, StatusGroup group, string message, Result result)
            : base(status, group, message, result) { }
    }

    /// <summary>The key, and what its account may do and pay for; <see cref="Result.RetryAfter"/> of a rate limit.</summary>
    public sealed class MlabAccountException : MlabException
    {
        internal MlabAccountException(Status status, StatusGroup group, string message, Result result)
            : base(status, group, message, result) { }
    }

    /// <summary>The job is unknown, has failed, or was refused for a reason of its own.</summary>
    public sealed class MlabJobException : MlabException
    {
        internal MlabJobException(Status status, StatusGroup group, string message, Result result)
            : base(status, group, message, result) { }
    }

    /// <summary>An image or its file.</summary>
    public sealed class MlabImageException : MlabException
    {
        internal MlabImageException(Status status, StatusGroup group, string message, Result result)
            : base(status, group, message, result) { }
    }
}
