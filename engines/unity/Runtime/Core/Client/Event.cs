using System;

namespace Mlab
{
    /// <summary>What happened to a job: a copy, which any thread may keep.</summary>
    public sealed class Event
    {
        /// <summary>What happened.</summary>
        public EventKind Kind { get; }
        /// <summary>The id, or the URL of a download, as it was asked for.</summary>
        public string Id { get; }
        /// <summary>How the job stands.</summary>
        public Status Status { get; }
        /// <summary>How often the job was polled so far.</summary>
        public int Polls { get; }
        /// <summary>How long the job has run.</summary>
        public TimeSpan Elapsed { get; }
        /// <summary>How much longer the server expects the job to take; null if it did not say.</summary>
        public TimeSpan? Eta { get; }
        /// <summary>When the next poll is due, counted from the start of the job; null if there is none.</summary>
        public TimeSpan? NextPoll { get; }
        /// <summary>Which image is there, as an index of the job's URLs; -1 unless the kind is Image.</summary>
        public int Index { get; }
        /// <summary>How many bytes of the job's images are there.</summary>
        public long BytesDone { get; }
        /// <summary>How many bytes they have in all; null while that is not known.</summary>
        public long? BytesTotal { get; }
        /// <summary>The result of a job that has ended, whatever its status, or the image; null for Progress.</summary>
        public Result Result { get; }

        /// <summary>Copies an event, which stays the caller's.</summary>
        internal Event(IntPtr lent, string id, bool withBytesAtTheEnd)
        {
            Kind = (EventKind)MlabNative.mlab_event_kind(lent);
            Id = id;
            Status = (Status)MlabNative.mlab_event_status(lent);
            Polls = MlabNative.mlab_event_polls(lent);
            Elapsed = TimeSpan.FromMilliseconds(MlabNative.mlab_event_elapsed_ms(lent));
            Eta = Milliseconds.Read(MlabNative.mlab_event_eta_ms(lent));
            NextPoll = Milliseconds.Read(MlabNative.mlab_event_next_poll_ms(lent));
            Index = MlabNative.mlab_event_index(lent);
            BytesDone = MlabNative.mlab_event_bytes_done(lent);
            var total = MlabNative.mlab_event_bytes_total(lent);
            BytesTotal = total < 0 ? (long?)null : total;
            Result = Result.Take(
                MlabNative.mlab_event_take_result(lent), withBytesAtTheEnd || Kind != EventKind.Done);
        }
    }
}
