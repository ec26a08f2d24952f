using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Mlab
{
    /// <summary>
    /// A client for a loop of frames: what it does on their thread, it does in <see cref="Frame"/>, within a limit of time.
    /// Opening jobs counts too, so that thousands at once are spread. It names no engine.
    /// </summary>
    public sealed class FrameClient : IDisposable
    {
        // What an image may have where nothing was said, in bytes.
        private const long MaxBytes = 64 * 1024 * 1024;

        private readonly Client client;
        private readonly IHttpTransport transport;
        private readonly FrameQueue queue = new FrameQueue();
        private bool isDisposed;

        /// <summary>Makes a client; see <see cref="Client"/>.</summary>
        /// <param name="key">null takes it from the environment</param>
        /// <param name="options">null for the defaults; what concerns frames is set in it</param>
        /// <param name="transport">sends the requests; null for the library itself. It is disposed with the client</param>
        public FrameClient(string key = null, ClientOptions options = null, IHttpTransport transport = null)
        {
            options = options ?? new ClientOptions();
            options.ManualPump = true;
            options.PullExchanges = transport != null;
            client = new Client(key, options);
            this.transport = transport;
        }

        /// <summary>How many jobs are open at the library.</summary>
        public int Pending { get { return client.Pending; } }

        /// <summary>Waits until a job has ended.</summary>
        public Task<Result> WaitAsync(
            string id, WaitOptions options = null, CancellationToken token = default(CancellationToken))
        {
            return queue.Do(() => client.WaitAsync(id, options, token), token).Unwrap();
        }

        /// <summary>Asks once how a job stands.</summary>
        public Task<Result> FetchAsync(string id, CancellationToken token = default(CancellationToken))
        {
            return queue.Do(() => client.FetchAsync(id, token), token).Unwrap();
        }

        /// <summary>
        /// Waits for a job, decodes each image on a thread of the pool as soon as it is there, and makes something of it
        /// in a frame.
        /// </summary>
        /// <param name="id">the job's</param>
        /// <param name="load">what to make of the pixels, which are disposed afterwards, and where it goes</param>
        /// <param name="options">null for the defaults; 64 MiB an image unless DownloadMemory says otherwise</param>
        /// <param name="each">told of each in its frame, in no order; what it was given is its own. May be null</param>
        /// <param name="discard">takes what was made where the wait fails, and nobody was given it. May be null</param>
        /// <param name="token">cancels it; what was made is discarded</param>
        /// <returns>one a URL, in their order</returns>
        public Task<T[]> WaitForImagesAsync<T>(string id, Func<Pixels, T> load, WaitOptions options = null,
            Action<int, T> each = null, Action<T> discard = null, CancellationToken token = default(CancellationToken))
        {
            options = options == null ? new WaitOptions() : options.Copy();
            options.DownloadMemory = options.DownloadMemory ?? MaxBytes;
            Func<Task<T[]>> open = () =>
            {
                var job = new ImagesJob<T>(client.Jobs, queue, id, options.Progress, token)
                {
                    Load = load, Each = each, Discard = discard,
                };
                client.Open(job, options);
                return job.Task;
            };
            return queue.Do(open, token).Unwrap();
        }

        /// <summary>Decodes an image on a thread of the pool, and makes something of its pixels in a frame.</summary>
        public Task<T> DecodeAsync<T>(
            byte[] bytes, Func<Pixels, T> load, CancellationToken token = default(CancellationToken))
        {
            return Decode(queue, bytes, load, token);
        }

        /// <summary>
        /// Delivers what has happened, begins what was asked for, and hands pixels over, for as long as the time is not over;
        /// each of these once at least. To be called once a frame, always on the same thread.
        /// </summary>
        public void Frame(TimeSpan limit)
        {
            if (isDisposed)
                return;
            var since = Stopwatch.StartNew();
            if (transport != null)
                Send(since, limit);
            client.Pump(limit);
            if (!isDisposed) // What was delivered may have disposed it.
                queue.Run(since, limit);
        }

        /// <summary>Ends every job with the status Closed.</summary>
        public void Dispose()
        {
            if (isDisposed)
                return;
            isDisposed = true;
            client.Dispose();
            queue.Close(MlabException.Of(Status.Closed, null, null));
            if (transport != null)
                transport.Dispose();
        }

        internal static Task<T> Decode<T>(FrameQueue queue, byte[] bytes, Func<Pixels, T> load, CancellationToken token)
        {
            Func<Task<Pixels>, Task<T>> handOver = decoded =>
            {
                if (decoded.IsCanceled)
                    return Task.FromCanceled<T>(token);
                var pixels = decoded.GetAwaiter().GetResult();
                Func<T> use = () =>
                {
                    using (pixels)
                        return load(pixels);
                };
                return queue.Do(use, token);
            };
            // Not by await, which goes on at the context of whoever calls: here that is no matter.
            return Pixels.DecodeAsync(bytes, Pixels.MaxPixels, token)
                .ContinueWith(handOver, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default)
                .Unwrap();
        }

        private void Send(Stopwatch since, TimeSpan limit)
        {
            Exchange exchange;
            while ((exchange = client.NextExchange()) != null)
            {
                transport.Begin(exchange);
                if (since.Elapsed >= limit)
                    break;
            }
            transport.Frame();
        }
    }
}
