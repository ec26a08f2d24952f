using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Mlab
{
    /// <summary>
    /// What happens to some jobs, in order: each has exactly one event of the kind Done, whatever its end. Disposing it
    /// stops those that are still open.
    /// </summary>
    public sealed class EventStream : IDisposable
// What Unity defines too, but for its profile of .NET Framework, which has no such interface.
#if NETSTANDARD2_1_OR_GREATER || NETSTANDARD2_1 || NETCOREAPP3_0_OR_GREATER
        , IAsyncEnumerable<Event>
#endif
    {
        // No Queue: Mono has it in another assembly than .NET Framework, so that what one compiled fails under the other.
        private readonly ConcurrentQueue<Told> ready = new ConcurrentQueue<Told>();
        private readonly List<StreamJob> jobs = new List<StreamJob>();
        private readonly bool isManual;
        private TaskCompletionSource<Event> waiting;
        private int open;

        internal EventStream(bool isManual)
        {
            this.isManual = isManual;
        }

        internal Job Add(Jobs of, string id, CancellationToken token)
        {
            var job = new StreamJob(this, of, id, token);
            lock (ready)
            {
                jobs.Add(job);
                open++;
            }
            return job;
        }

        /// <summary>
        /// The next event; null once every job has had its end. One call at a time. A job that has no event any more, since
        /// there was no memory for it or the client is gone, ends by an exception of this once; the other jobs go on.
        /// </summary>
        public Task<Event> NextAsync()
        {
            lock (ready)
            {
                if (waiting != null)
                    throw new InvalidOperationException("NextAsync: the call before this one has not ended");
                Told first;
                if (ready.TryDequeue(out first))
                    return first.Failure == null ? Task.FromResult(first.Event) : Task.FromException<Event>(first.Failure);
                if (open == 0)
                    return Task.FromResult<Event>(null);
                waiting = new TaskCompletionSource<Event>(
                    isManual ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
                return waiting.Task;
            }
        }

        /// <summary>Stops the jobs that are open. Their ends still come, with the status Cancelled.</summary>
        public void Dispose()
        {
            StreamJob[] all;
            lock (ready)
                all = jobs.ToArray();
            foreach (var job in all)
                job.Cancel();
        }

        private void Take(Told told, bool isEnd)
        {
            TaskCompletionSource<Event> source;
            lock (ready)
            {
                if (isEnd)
                    open--;
                source = waiting;
                waiting = null;
                if (source == null)
                    ready.Enqueue(told);
            }
            if (source == null)
                return;
            if (told.Failure == null)
                source.TrySetResult(told.Event);
            else
                source.TrySetException(told.Failure);
        }

        /// <summary>An event, or what has come in place of a job's last one.</summary>
        private sealed class Told
        {
            internal readonly Event Event;
            internal readonly Exception Failure;

            internal Told(Event happened, Exception failure)
            {
                Event = happened;
                Failure = failure;
            }
        }

        private sealed class StreamJob : Job
        {
            private readonly EventStream stream;

            internal StreamJob(EventStream stream, Jobs jobs, string id, CancellationToken token)
                : base(jobs, id, token)
            {
                this.stream = stream;
            }

            internal override void Deliver(Event told)
            {
                var isEnd = told.Kind == EventKind.Done;
                if (isEnd)
                    End();
                stream.Take(new Told(told, null), isEnd);
            }

            internal override void Fail(Exception why)
            {
                End();
                stream.Take(new Told(null, why), true);
            }
        }

#if NETSTANDARD2_1_OR_GREATER || NETSTANDARD2_1 || NETCOREAPP3_0_OR_GREATER
        /// <summary>For <c>await foreach</c>; leaving the loop stops the jobs that are open.</summary>
        public IAsyncEnumerator<Event> GetAsyncEnumerator(CancellationToken token = default(CancellationToken))
        {
            return new Enumerator(this, token);
        }

        private sealed class Enumerator : IAsyncEnumerator<Event>
        {
            private readonly EventStream stream;
            private readonly CancellationToken token;
            private readonly CancellationTokenRegistration registration;

            internal Enumerator(EventStream stream, CancellationToken token)
            {
                this.stream = stream;
                this.token = token;
                registration = token.Register(stream.Dispose);
            }

            public Event Current { get; private set; }

            public async ValueTask<bool> MoveNextAsync()
            {
                Current = await stream.NextAsync().ConfigureAwait(false);
                if (Current != null && Current.Status == Status.Cancelled)
                    token.ThrowIfCancellationRequested();
                return Current != null;
            }

            public ValueTask DisposeAsync()
            {
                registration.Dispose();
                stream.Dispose();
                return default(ValueTask);
            }
        }
#endif
    }
}
