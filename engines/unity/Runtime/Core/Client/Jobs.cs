using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Mlab
{
    /// <summary>A job that is open: who is told of it, and how it is stopped.</summary>
    internal abstract class Job
    {
        private readonly object gate = new object();
        private readonly Jobs jobs;
        private CancellationTokenRegistration registration;
        private ulong number; // 0 until the submit has returned, which may be after the first event.
        private bool isCancelled;

        /// <summary>The id or the URL, as it was asked for.</summary>
        internal string Id { get; }
        protected CancellationToken Token { get; }

        protected Job(Jobs jobs, string id, CancellationToken token)
        {
            this.jobs = jobs;
            Id = id;
            Token = token;
        }

        /// <summary>Whether the result at the end holds the bytes of images, which the events before may have brought.</summary>
        internal virtual bool WantsBytesAtTheEnd { get { return true; } }

        /// <summary>Takes an event. No exception leaves it.</summary>
        internal abstract void Deliver(Event told);

        /// <summary>Takes the end of a job that will have no event any more. No exception leaves it.</summary>
        internal abstract void Fail(Exception why);

        internal void Begin()
        {
            registration = Token.Register(Cancel);
        }

        internal void Submitted(ulong job)
        {
            lock (gate)
            {
                number = job;
                if (!isCancelled)
                    return;
            }
            jobs.Cancel(job);
        }

        internal void Cancel()
        {
            lock (gate)
            {
                isCancelled = true;
                if (number == 0)
                    return;
            }
            jobs.Cancel(number);
        }

        internal void End()
        {
            registration.Dispose();
        }

        /// <summary>Whether the end is what the token wanted.</summary>
        protected bool IsOfToken(Exception why)
        {
            var ended = why as MlabException;
            return ended != null && ended.Status == Status.Cancelled && Token.IsCancellationRequested;
        }
    }

    /// <summary>A job whose end is a task's.</summary>
    internal sealed class WaitJob : Job
    {
        private readonly TaskCompletionSource<Result> source;
        private readonly Action<Event> progress;
        private Exception thrown;

        internal Task<Result> Task { get { return source.Task; } }

        internal WaitJob(Jobs jobs, string id, Action<Event> progress, CancellationToken token, bool isManual)
            : base(jobs, id, token)
        {
            this.progress = progress;
            // What awaits runs elsewhere, or it would hold up every other job. In a game loop it is the frame's own.
            source = new TaskCompletionSource<Result>(
                isManual ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        }

        internal override void Deliver(Event told)
        {
            if (told.Kind != EventKind.Done)
            {
                Tell(told);
                return;
            }
            var why = thrown;
            if (why == null && told.Status < 0)
                why = MlabException.Of(told.Status, told.Result?.Message, told.Result);
            End(why, told.Result);
        }

        internal override void Fail(Exception why)
        {
            End(thrown ?? why, null);
        }

        private void End(Exception why, Result result)
        {
            End();
            if (IsOfToken(why))
                source.TrySetCanceled(Token);
            else if (why != null)
                source.TrySetException(why);
            else
                source.TrySetResult(result);
        }

        private void Tell(Event told)
        {
            if (progress == null || thrown != null)
                return;
            try
            {
                progress(told);
            }
            catch (Exception e)
            {
                thrown = e;
                Cancel();
            }
        }
    }

    /// <summary>
    /// The open jobs of a client and whoever delivers their events: a thread that is there only while jobs are open, or
    /// the program's own, once a frame.
    /// </summary>
    internal sealed class Jobs
    {
        // A thread inside the library cannot be aborted, which is how a domain is unloaded.
        private const uint SliceMilliseconds = 200;
        private const int LeaveMilliseconds = 1000;

        private readonly ClientHandle handle;
        private readonly bool isManual;
        private readonly Dictionary<ulong, Job> open = new Dictionary<ulong, Job>();
        private ulong lastTag;
        private Thread thread;

        internal Jobs(ClientHandle handle, bool isManual)
        {
            this.handle = handle;
            this.isManual = isManual;
        }

        /// <summary>Whether the caller is the thread that delivers, which cannot wait for itself.</summary>
        internal bool IsDelivering { get { lock (open) return thread == Thread.CurrentThread; } }

        /// <summary>Opens a job. The request stays the caller's.</summary>
        internal void Submit(Job job, IntPtr request)
        {
            ulong tag;
            lock (open)
            {
                tag = ++lastTag;
                open.Add(tag, job); // First of all: the first event may come before the submit has returned.
            }
            ulong number;
            int status;
            try
            {
                using (var client = handle.Hold())
                {
                    WaitOptions.Check("tag", request, MlabNative.mlab_request_set_tag(request, tag));
                    job.Begin();
                    status = MlabNative.mlab_client_submit(client.Pointer, request, out number);
                }
                if (status < 0)
                    throw MlabException.Of((Status)status, Utf8.Read(MlabNative.mlab_request_message(request)), null);
                job.Submitted(number);
                if (!isManual)
                    EnsureThread();
            }
            catch
            {
                // Interrupted, or there is no thread to deliver its events: its caller will never have it.
                Abandon(tag, job);
                job.End();
                throw;
            }
        }

        /// <summary>Stops a job whose events are for nobody any more.</summary>
        private void Abandon(ulong tag, Job job)
        {
            lock (open)
                open.Remove(tag);
            job.Cancel();
        }

        internal void Cancel(ulong number)
        {
            try
            {
                using (var client = handle.Hold())
                    MlabNative.mlab_client_cancel_job(client.Pointer, number);
            }
            catch (ObjectDisposedException)
            {
                // The end of the client was the end of the job.
            }
        }

        /// <summary>Delivers what is there, for at most this time, but one event at least.</summary>
        internal int Pump(TimeSpan? limit)
        {
            var since = limit == null ? null : Stopwatch.StartNew();
            var count = 0;
            using (var client = handle.Hold())
                while (Next(client.Pointer, 0) == (int)Status.Ok)
                {
                    count++;
                    if (since != null && since.Elapsed >= limit.Value)
                        break;
                }
            return count;
        }

        /// <summary>After a shutdown: every job gets its end, and no thread stays.</summary>
        internal void Finish()
        {
            Thread running;
            lock (open)
                running = thread;
            if (running == Thread.CurrentThread)
                return; // It finishes once what it delivers has returned.
            if (running != null)
                running.Join(LeaveMilliseconds);
            else
                Drain();
        }

        private void Drain()
        {
            int status;
            do
            {
                using (var client = handle.Hold())
                    status = Next(client.Pointer, 0);
            }
            while (status == (int)Status.Ok);
            FailAll(MlabException.Of(status < 0 ? (Status)status : Status.Closed, null, null));
        }

        private void EnsureThread()
        {
            lock (open)
            {
                if (thread != null || open.Count == 0)
                    return;
                var made = new Thread(Run) { IsBackground = true, Name = "mlab-events" };
                made.Start(); // Where the system has no thread left it throws, and the next job is to try again.
                thread = made;
            }
        }

        private void Run()
        {
            try
            {
                var status = (int)Status.Ok;
                using (var client = handle.Hold())
                    while (status >= 0 && IsNeeded())
                        status = Next(client.Pointer, SliceMilliseconds);
                if (status < 0)
                    FailAll(MlabException.Of((Status)status, null, null));
            }
            catch (Exception e)
            {
                FailAll(e); // Disposed before this thread had begun, or out of memory.
            }
        }

        /// <summary>Tells that it is not, once and for all, in the same breath as it sees that nothing is open.</summary>
        private bool IsNeeded()
        {
            lock (open)
            {
                if (open.Count == 0)
                    thread = null;
                return thread != null;
            }
        }

        private int Next(IntPtr client, uint milliseconds)
        {
            IntPtr made;
            var status = MlabNative.mlab_client_next_event(client, milliseconds, out made);
            if (status == (int)Status.Ok)
                Deliver(made);
            return status;
        }

        private void Deliver(IntPtr made)
        {
            var tag = MlabNative.mlab_event_tag(made);
            Job job = null;
            Event told;
            try
            {
                job = Find(tag, MlabNative.mlab_event_kind(made));
                if (job == null)
                    return;
                told = new Event(made, job.Id, job.WantsBytesAtTheEnd);
            }
            catch (Exception e) when (job != null)
            {
                // Most likely there is no memory for the images. Other jobs go on.
                Abandon(tag, job);
                job.Fail(e);
                return;
            }
            finally
            {
                MlabNative.mlab_event_free(made);
            }
            job.Deliver(told);
        }

        private Job Find(ulong tag, int kind)
        {
            Job job;
            lock (open)
                if (open.TryGetValue(tag, out job) && kind == (int)EventKind.Done)
                    open.Remove(tag);
            return job;
        }

        private void FailAll(Exception why)
        {
            Job[] left;
            lock (open)
            {
                thread = null;
                left = new Job[open.Count];
                open.Values.CopyTo(left, 0);
                open.Clear();
            }
            foreach (var job in left)
                job.Fail(why);
        }
    }
}
