using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Mlab
{
    /// <summary>
    /// Work for the thread that draws, spread over its frames. Any thread may add to it. What awaits the tasks may run
    /// anywhere; the work itself runs on that thread.
    /// </summary>
    public sealed class FrameQueue
    {
        private readonly ConcurrentQueue<Work> waiting = new ConcurrentQueue<Work>();
        private volatile Exception closed;

        /// <summary>Has this done in one of the next frames. A token that is cancelled before takes it out again.</summary>
        public Task<T> Do<T>(Func<T> work, CancellationToken token = default(CancellationToken))
        {
            var item = new Work<T>(work, token);
            waiting.Enqueue(item);
            if (closed != null)
                Close(closed); // It may have been closed between; nobody else would end this.
            return item.Task;
        }

        /// <summary>Has this done in one of the next frames, or when the queue is closed: for what must be given back.</summary>
        internal void DoSurely(Action work)
        {
            waiting.Enqueue(new Sure(work));
            if (closed != null)
                Close(closed);
        }

        /// <summary>Does what is waiting, for as long as the time is not over, and one thing at least.</summary>
        internal void Run(Stopwatch since, TimeSpan limit)
        {
            Work next;
            while (waiting.TryDequeue(out next))
            {
                next.Run();
                if (since.Elapsed >= limit)
                    break;
            }
        }

        /// <summary>Ends what is waiting, and whatever comes later, with this.</summary>
        internal void Close(Exception why)
        {
            closed = why;
            Work next;
            while (waiting.TryDequeue(out next))
                next.Fail(why);
        }

        private abstract class Work
        {
            internal abstract void Run();
            internal abstract void Fail(Exception why);
        }

        private sealed class Sure : Work
        {
            private readonly Action work;

            internal Sure(Action work) { this.work = work; }

            internal override void Run() { work(); }
            internal override void Fail(Exception why) { work(); }
        }

        private sealed class Work<T> : Work
        {
            private readonly TaskCompletionSource<T> source = new TaskCompletionSource<T>();
            private readonly Func<T> work;
            private readonly CancellationToken token;

            internal Work(Func<T> work, CancellationToken token)
            {
                this.work = work;
                this.token = token;
            }

            internal Task<T> Task { get { return source.Task; } }

            internal override void Run()
            {
                if (token.IsCancellationRequested)
                {
                    source.TrySetCanceled(token);
                    return;
                }
                T done;
                try
                {
                    done = work();
                }
                catch (Exception e)
                {
                    source.TrySetException(e);
                    return;
                }
                source.TrySetResult(done);
            }

            internal override void Fail(Exception why)
            {
                source.TrySetException(why);
            }
        }
    }
}
