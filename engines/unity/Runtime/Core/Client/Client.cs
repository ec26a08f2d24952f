using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Mlab
{
    /// <summary>
    /// Fetches queued images of ModelsLab. <see cref="Fetch"/> asks once; <see cref="Wait"/> waits until the images are
    /// there. One client serves a whole program: it keeps connections, and any thread may call it.
    /// </summary>
    public sealed class Client : IDisposable
    {
        private const uint LeaveMilliseconds = 1000;

        // Where a domain is unloaded (Unity's editor, some hosts), nothing may go on for it; and Mono ends a process only
        // once every call into the library has returned.
        private static readonly List<WeakReference<Client>> Live = new List<WeakReference<Client>>();

        private readonly ClientHandle handle;
        private readonly Jobs jobs;
        private readonly bool isManual;
        private int isDisposed;

        static Client()
        {
            AppDomain.CurrentDomain.DomainUnload += (sender, arguments) => DisposeAll();
            AppDomain.CurrentDomain.ProcessExit += (sender, arguments) => DisposeAll();
        }

        /// <summary>The version of the native library.</summary>
        public static string LibraryVersion { get { return Utf8.Read(MlabNative.mlab_version()); } }

        /// <summary>Makes a client.</summary>
        /// <param name="key">the API key; null takes it from MODELSLAB_API_KEY, then API_KEY, in the environment</param>
        /// <param name="options">null for the defaults</param>
        /// <exception cref="MlabArgumentException">the key or an option cannot be used; the message names it</exception>
        public Client(string key = null, ClientOptions options = null)
        {
            if (MlabNative.mlab_abi_version() != MlabNative.MLAB_ABI_VERSION)
                throw new DllNotFoundException("libmlab " + LibraryVersion + " has another ABI than this package: "
                    + "install the one that came with it");
            options = options ?? new ClientOptions();
            isManual = options.ManualPump;
            var config = options.Make();
            try
            {
                using (var text = new Utf8("key", key ?? KeyOfEnvironment()))
                {
                    IntPtr made;
                    var status = (Status)MlabNative.mlab_client_new(text.Pointer, config, out made);
                    handle = new ClientHandle(made);
                    if (status != Status.Ok)
                    {
                        var message = Utf8.Read(MlabNative.mlab_client_message(made));
                        handle.Dispose();
                        throw MlabException.Of(status, message, null);
                    }
                }
            }
            finally
            {
                MlabNative.mlab_config_free(config);
            }
            jobs = new Jobs(handle, isManual);
            lock (Live)
            {
                Client other;
                Live.RemoveAll(entry => !entry.TryGetTarget(out other));
                Live.Add(new WeakReference<Client>(this));
            }
        }

        /// <summary>
        /// Asks once how a job stands, and again after failures that may pass. (The vendor's own clients have a fetch
        /// that waits: here that is <see cref="Wait"/>.)
        /// </summary>
        /// <returns>a result whose <see cref="Result.IsReady"/> says whether the images are there</returns>
        /// <exception cref="MlabException">it failed, with the class of its group</exception>
        /// <exception cref="OperationCanceledException">the token was cancelled</exception>
        public Result Fetch(string id, CancellationToken token = default(CancellationToken))
        {
            token.ThrowIfCancellationRequested();
            Result result;
            using (var text = new Utf8("id", id))
            using (var client = handle.Hold())
            using (var cancel = new Cancel(token))
            {
                IntPtr made;
                MlabNative.mlab_client_fetch(client.Pointer, text.Pointer, cancel.Pointer, out made);
                result = Result.Take(made);
            }
            if (result.Status == Status.Cancelled)
                token.ThrowIfCancellationRequested();
            return result.OrThrow();
        }

        /// <summary>
        /// The same as <see cref="Fetch"/>, by a job: it needs no thread of the program's meanwhile, and has one of the
        /// client's workers.
        /// </summary>
        public Task<Result> FetchAsync(string id, CancellationToken token = default(CancellationToken))
        {
            return Submit(id, Target.Once, null, token).Task;
        }

        /// <summary>Blocks until a job has ended. <see cref="Thread.Interrupt"/> ends it too.</summary>
        /// <returns>the result with the image URLs</returns>
        /// <exception cref="MlabException">it failed, with the class of its group</exception>
        /// <exception cref="OperationCanceledException">the token was cancelled; the job goes on at the server</exception>
        public Result Wait(string id, WaitOptions options = null, CancellationToken token = default(CancellationToken))
        {
            RefuseToBlock();
            return Block(Submit(id, Target.Job, options, token));
        }

        /// <summary>Waits until a job has ended, and needs no thread meanwhile.</summary>
        /// <exception cref="MlabException">it failed, with the class of its group</exception>
        /// <exception cref="OperationCanceledException">the token was cancelled; the job goes on at the server</exception>
        public Task<Result> WaitAsync(
            string id, WaitOptions options = null, CancellationToken token = default(CancellationToken))
        {
            return Submit(id, Target.Job, options, token).Task;
        }

        /// <summary>Downloads one image by its URL into a file, which is replaced if it is there.</summary>
        public Result Download(string url, string path, CancellationToken token = default(CancellationToken))
        {
            RefuseToBlock();
            return Block(Submit(url, Target.Image(path), null, token));
        }

        /// <summary>The same without blocking; into memory where the path is null.</summary>
        public Task<Result> DownloadAsync(string url, string path = null, WaitOptions options = null,
            CancellationToken token = default(CancellationToken))
        {
            return Submit(url, Target.Image(path), options, token).Task;
        }

        /// <summary>Waits for some jobs, and tells what happens to each: progress, images, ends.</summary>
        public EventStream Events(IEnumerable<string> ids, WaitOptions options = null,
            CancellationToken token = default(CancellationToken))
        {
            var stream = new EventStream(isManual);
            try
            {
                foreach (var id in ids)
                    Open(stream.Add(jobs, id, token), Target.Job, options, true);
            }
            catch
            {
                stream.Dispose();
                throw;
            }
            return stream;
        }

        /// <summary>The same for one job.</summary>
        public EventStream Events(string id, WaitOptions options = null,
            CancellationToken token = default(CancellationToken))
        {
            return Events(new[] { id }, options, token);
        }

        /// <summary>
        /// With <see cref="ClientOptions.ManualPump"/>: delivers what has happened, on this thread, without blocking.
        /// </summary>
        /// <param name="limit">for how long at most; at least one event is delivered. Null: all that is there</param>
        /// <returns>how many events were delivered</returns>
        public int Pump(TimeSpan? limit = null)
        {
            if (!isManual)
                throw new InvalidOperationException("Pump: the client has a thread for it; set ManualPump to do it here");
            return jobs.Pump(limit);
        }

        /// <summary>
        /// With <see cref="ClientOptions.PullExchanges"/>: the next request to send, to be disposed once it is answered.
        /// </summary>
        /// <param name="timeout">how long to wait for one; zero never blocks</param>
        /// <returns>null if there was none in time</returns>
        /// <exception cref="ObjectDisposedException">the client was disposed, before or meanwhile</exception>
        public Exchange NextExchange(TimeSpan timeout = default(TimeSpan))
        {
            IntPtr made;
            int status;
            using (var client = handle.Hold())
                status = MlabNative.mlab_client_next_exchange(
                    client.Pointer, Milliseconds.Write("timeout", timeout), out made);
            if (status == (int)Status.InvalidArgument)
                throw new InvalidOperationException("NextExchange: the client sends its requests itself; set PullExchanges");
            if (status == (int)Status.Closed)
                throw new ObjectDisposedException("Client");
            if (status < 0)
                throw MlabException.Of((Status)status, null, null);
            return made == IntPtr.Zero ? null : new Exchange(made);
        }

        /// <summary>How many jobs are open.</summary>
        public int Pending
        {
            get
            {
                using (var client = handle.Hold())
                    return (int)MlabNative.mlab_client_pending(client.Pointer);
            }
        }

        /// <summary>
        /// Ends every call and job with the status Closed, and waits at most a second for them to leave.
        /// </summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref isDisposed, 1) != 0)
                return;
            using (var client = handle.Hold())
                MlabNative.mlab_client_shutdown(client.Pointer, LeaveMilliseconds);
            jobs.Finish();
            handle.Dispose();
            lock (Live)
            {
                Client other;
                Live.RemoveAll(entry => !entry.TryGetTarget(out other) || other == this);
            }
        }

        private static void DisposeAll()
        {
            WeakReference<Client>[] all;
            lock (Live)
                all = Live.ToArray();
            foreach (var entry in all)
            {
                Client client;
                if (entry.TryGetTarget(out client))
                    client.Dispose();
            }
        }

        private static string KeyOfEnvironment()
        {
            foreach (var name in new[] { "MODELSLAB_API_KEY", "API_KEY" })
            {
                var key = Environment.GetEnvironmentVariable(name);
                if (!string.IsNullOrEmpty(key))
                    return key;
            }
            throw MlabException.Refuse("key", "none was given, and neither MODELSLAB_API_KEY nor API_KEY is set");
        }

        /// <summary>Where this thread would have to deliver what it waits for.</summary>
        private void RefuseToBlock()
        {
            if (isManual || jobs.IsDelivering)
                throw new InvalidOperationException(
                    "this thread delivers the events, so it cannot wait for one: use the method whose name ends in Async");
        }

        private static Result Block(WaitJob job)
        {
            try
            {
                return job.Task.GetAwaiter().GetResult();
            }
            catch (ThreadInterruptedException)
            {
                job.Cancel();
                throw;
            }
        }

        /// <summary>What is asked for: a job by its id, once or until it has ended, or an image by its URL.</summary>
        private sealed class Target
        {
            internal static readonly Target Job = new Target(false, null);
            internal static readonly Target Once = new Target(false, null);

            internal readonly bool IsImage;
            internal readonly string Path;

            private Target(bool isImage, string path)
            {
                IsImage = isImage;
                Path = path;
            }

            internal static Target Image(string path)
            {
                return new Target(true, path);
            }
        }

        private WaitJob Submit(string id, Target target, WaitOptions options, CancellationToken token)
        {
            var job = new WaitJob(jobs, id, options == null ? null : options.Progress, token, isManual);
            try
            {
                if (token.IsCancellationRequested)
                    throw MlabException.Of(Status.Cancelled, null, null);
                Open(job, target, options, false);
            }
            catch (Exception e)
            {
                job.Fail(e); // All that may fail comes out of the task: who starts many of them has each.
            }
            return job;
        }

        internal Jobs Jobs { get { return jobs; } }

        /// <summary>For the jobs of a frame loop, which take each image as it comes.</summary>
        internal void Open(Job job, WaitOptions options)
        {
            Open(job, Target.Job, options, true);
        }

        private void Open(Job job, Target target, WaitOptions options, bool wantsImages)
        {
            var request = IntPtr.Zero;
            try
            {
                using (var text = new Utf8(target.IsImage ? "url" : "id", job.Id))
                    request = target.IsImage
                        ? MlabNative.mlab_request_new_download(text.Pointer)
                        : MlabNative.mlab_request_new(text.Pointer);
                if (options != null)
                    options.Apply(request);
                if (target == Target.Once)
                    WaitOptions.Check("id", request, MlabNative.mlab_request_set_poll_once(request, 1));
                if (target.Path != null)
                    using (var text = new Utf8("path", target.Path))
                        WaitOptions.Check("path", request, MlabNative.mlab_request_set_download_file(request, text.Pointer));
                if (wantsImages && options != null
                    && (options.DownloadDirectory != null || options.DownloadMemory != null))
                    WaitOptions.Check("images", request, MlabNative.mlab_request_set_image_events(request, 1));
                jobs.Submit(job, request);
            }
            finally
            {
                MlabNative.mlab_request_free(request);
            }
        }
    }
}
