using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Mlab
{
    /// <summary>A job whose images are decoded as they come. Events reach it on the thread of the frames.</summary>
    internal sealed class ImagesJob<T> : Job
    {
        private readonly FrameQueue queue;
        private readonly Action<Event> progress;
        private readonly TaskCompletionSource<T[]> source = new TaskCompletionSource<T[]>();
        private readonly SortedDictionary<int, Task<T>> loads = new SortedDictionary<int, Task<T>>();
        private Exception thrown;

        internal Func<Pixels, T> Load { private get; set; }
        internal Action<int, T> Each { private get; set; }
        internal Action<T> Discard { private get; set; }

        internal Task<T[]> Task { get { return source.Task; } }

        internal ImagesJob(
            Jobs jobs, FrameQueue queue, string id, Action<Event> progress, CancellationToken token)
            : base(jobs, id, token)
        {
            this.queue = queue;
            this.progress = progress;
        }

        internal override bool WantsBytesAtTheEnd { get { return false; } }

        internal override void Deliver(Event told)
        {
            if (told.Kind == EventKind.Image)
                Begin(told.Index, told.Result.Images[told.Index].Bytes);
            else if (told.Kind != EventKind.Done)
                Tell(told);
            else if (told.Status < 0)
                Fail(MlabException.Of(told.Status, told.Result?.Message, told.Result));
            else
                Finish();
        }

        internal override void Fail(Exception why)
        {
            if (thrown == null && !IsOfToken(why))
                thrown = why;
            Finish();
        }

        private void Begin(int index, byte[] bytes)
        {
            Func<Pixels, T> load = pixels =>
            {
                var made = Load(pixels);
                if (Each != null)
                    Each(index, made);
                return made;
            };
            loads[index] = FrameClient.Decode(queue, bytes, load, Token);
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

        private void Finish()
        {
            End();
            // The pool's thread that ends the last decoding may end this too: whoever awaits has a context, or needs none.
            System.Threading.Tasks.Task.WhenAll(loads.Values).ContinueWith(Settle, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        private void Settle(Task<T[]> all)
        {
            var isCancelled = all.IsCanceled || Token.IsCancellationRequested && thrown == null;
            if (thrown == null && !isCancelled && all.Exception == null)
            {
                source.TrySetResult(all.Result);
                return;
            }
            if (Discard != null && Each == null)
                foreach (var load in loads.Values)
                    if (load.Status == TaskStatus.RanToCompletion)
                        queue.DoSurely(() => Discard(load.Result));
            if (thrown != null)
                source.TrySetException(thrown);
            else if (isCancelled)
                source.TrySetCanceled(Token);
            else
                source.TrySetException(all.Exception.InnerExceptions);
        }
    }
}
