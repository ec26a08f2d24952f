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

        /// <summary>Takes the end of a job that will have no event any more.</summary>
        internal abstract void Fail(Status status);

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
            if (told.Kind == EventKind.Done)
                Finish(told.Status, told.Result);
            else if (progress != null && thrown == null)
                Tell(told);
        }

        private void Tell(Event told)
        {
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

        internal override void Fail(Status status)
        {
            Finish(status, null);
        }

        private void Finish(Status status, Result result)
        {
            End();
            if (thrown != null)
                source.TrySetException(thrown);
            else if (status == Status.Cancelled && Token.IsCancellationRequested)
                source.TrySetCanceled(Token);
            else if (status < 0)
                source.TrySetException(MlabException.Of(status, result == null ? null : result.Message, result));
            else
                source.TrySetResult(result);
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
            }
            catch
            {
                lock (open)
                    open.Remove(tag);
                job.End();
                throw;
            }
            try
            {
                job.Submitted(number);
                if (!isManual)
                    EnsureThread();
            }
            catch (ThreadInterruptedException)
            {
                job.Cancel(); // Its caller will never have it.
                throw;
            }
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
            FailAll((Status)status);
        }

        private void EnsureThread()
        {
            lock (open)
            {
                if (thread != null || open.Count == 0)
                    return;
                thread = new Thread(Run) { IsBackground = true, Name = "mlab-events" };
                thread.Start();
            }
        }

        private void Run()
        {
            using (var client = handle.Hold())
                for (;;)
                {
                    lock (open)
                        if (open.Count == 0)
                        {
                            thread = null;
                            return;
                        }
                    var status = Next(client.Pointer, SliceMilliseconds);
                    if (status >= 0)
                        continue;
                    lock (open)
                        thread = null;
                    FailAll((Status)status);
                    return;
                }
        }

        private int Next(IntPtr client, uint milliseconds)
        {
            IntPtr made;
            var status = MlabNative.mlab_client_next_event(client, milliseconds, out made);
            if (status != (int)Status.Ok)
                return status;
            Job job;
            Event told;
            try
            {
                job = Find(MlabNative.mlab_event_tag(made), MlabNative.mlab_event_kind(made));
                told = job == null ? null : new Event(made, job.Id, job.WantsBytesAtTheEnd);
            }
            finally
            {
                MlabNative.mlab_event_free(made);
            }
            if (job != null)
                job.Deliver(told);
            return status;
        }

        private Job Find(ulong tag, int kind)
        {
            Job job;
            lock (open)
                if (open.TryGetValue(tag, out job) && kind == (int)EventKind.Done)
                    open.Remove(tag);
            return job;
        }

        private void FailAll(Status status)
        {
            Job[] left;
            lock (open)
            {
                left = new Job[open.Count];
                open.Values.CopyTo(left, 0);
                open.Clear();
            }
            foreach (var job in left)
                job.Fail(status < 0 ? status : Status.Closed);
        }
    }
}
