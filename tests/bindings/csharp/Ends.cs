// How calls of the C# binding end before their time.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mlab;
using static Harness;

internal static partial class Checks
{
    public static void CheckATokenEndsEveryKindOfCall()
    {
        using (var client = Make())
        {
            foreach (var call in new Action<CancellationToken>[]
            {
                token => client.Fetch("slow-30-csharp", token),
                token => End(client.FetchAsync("slow-30-csharp", token)),
                token => client.Wait("never-csharp-token", null, token),
                token => End(client.WaitAsync("never-csharp-token", null, token)),
            })
                Promptly(() =>
                {
                    using (var source = new CancellationTokenSource())
                    {
                        var cancelled = new Stopwatch();
                        using (new Timer(state => { cancelled.Start(); source.Cancel(); }, null, 100, Timeout.Infinite))
                            Same(Throws<OperationCanceledException>(() => call(source.Token)).CancellationToken, source.Token);
                        Throws<OperationCanceledException>(() => call(source.Token));
                        return cancelled.ElapsedMilliseconds;
                    }
                });
            Same(client.Pending, 0);
        }
    }

    public static void CheckAFetchThatIsAwaitedTakesNoThread()
    {
        using (var client = Make())
        using (var source = new CancellationTokenSource())
        {
            // Beside the library's own, of which there are as many as it may have.
            Func<int> threads = () => Threads("") - Threads("mlab-worker");
            var before = threads();
            var fetches = Enumerable.Range(0, 100)
                .Select(i => client.FetchAsync("slow-30-csharp-" + i, source.Token)).ToArray();
            Thread.Sleep(200); // Those that would be there begin in their own time.
            That(threads() - before < 50, (threads() - before) + " more threads");
            source.Cancel();
            foreach (var fetch in fetches)
                Throws<OperationCanceledException>(() => End(fetch));
        }
    }

    public static void CheckATokenEndsADownloadAndLeavesNoFile()
    {
        var folder = Path.Combine(Setting("MLAB_TEST_FOLDER"), "stalled");
        Directory.CreateDirectory(folder);
        using (var client = Make())
            Promptly(() =>
            {
                using (var source = new CancellationTokenSource())
                {
                    var path = Path.Combine(folder, "1.png");
                    var download = client.DownloadAsync(Setting("MLAB_TEST_STALLED"), path, null, source.Token);
                    Thread.Sleep(100); // Until its first bytes have come.
                    var cancelled = Stopwatch.StartNew();
                    source.Cancel();
                    Throws<OperationCanceledException>(() => End(download));
                    return cancelled.ElapsedMilliseconds;
                }
            });
        // A worker removes what has come, a moment after the download's end.
        Eventually(() => Directory.GetFileSystemEntries(folder).Length == 0, "no file");
    }

    public static void CheckThreadInterruptEndsAWait()
    {
        using (var client = Make())
        {
            Promptly(() =>
            {
                Exception thrown = null;
                var polled = new ManualResetEventSlim();
                var options = new WaitOptions { Progress = now => polled.Set() };
                var thread = new Thread(() =>
                {
                    try { client.Wait("never-csharp-interrupt", options); }
                    catch (Exception e) { thrown = e; }
                });
                thread.Start();
                That(polled.Wait(5000), "never polled");
                var interrupted = Stopwatch.StartNew();
                thread.Interrupt();
                That(thread.Join(5000), "goes on");
                That(thrown is ThreadInterruptedException, "" + thrown);
                return interrupted.ElapsedMilliseconds;
            });
            Eventually(() => client.Pending == 0, "no job"); // Its end comes after its caller's.
        }
    }

    public static void CheckTheDeadlineEndsAWait()
    {
        using (var client = Make())
        {
            var options = new WaitOptions { Deadline = TimeSpan.FromSeconds(2) };
            MlabEndedException late = Throws<MlabDeadlineException>(() => client.Wait("never-csharp-deadline", options));
            Same(late.Status, Status.Deadline);
            Same(late.Result.Attempts, 1);
        }
    }

    public static void CheckDisposingEndsEveryCall()
    {
        var client = Make();
        var waits = Enumerable.Range(0, 5).Select(i => client.WaitAsync("never-csharp-dispose-" + i)).ToList();
        waits.Add(client.FetchAsync("slow-30-csharp-dispose"));
        Exception blocked = null;
        var blocking = new Thread(() =>
        {
            try { client.Fetch("slow-30-csharp-block"); }
            catch (Exception e) { blocked = e; }
        });
        blocking.Start();
        while (client.Pending < 6)
            Thread.Yield();
        Thread.Sleep(100); // Nothing tells that the thread is inside.
        Within(5000, client.Dispose);
        That(blocking.Join(5000), "the call goes on");
        var ended = blocked as MlabEndedException;
        // One that begins after the end is refused.
        That(ended != null ? ended.Status == Status.Closed : blocked is ObjectDisposedException, "" + blocked);
        foreach (var wait in waits)
            Same(Throws<MlabEndedException>(() => End(wait)).Status, Status.Closed);
        client.Dispose();
        Throws<ObjectDisposedException>(() => client.Fetch("1"));
        Throws<ObjectDisposedException>(() => client.Wait("1"));
        Throws<ObjectDisposedException>(() => client.NextExchange());
        NoThreadIsLeft();
    }

    public static void CheckDisposingEndsAPull()
    {
        var client = Make(options => options.PullExchanges = true);
        Same(client.NextExchange(TimeSpan.FromMilliseconds(1)), null);
        // Null means none in time, or a thread that sends would ask again at once.
        var pull = Task.Run(() => That(client.NextExchange(TimeSpan.FromSeconds(30)) != null, "none, before its time"));
        while (pull.Status != TaskStatus.Running)
            Thread.Yield();
        Thread.Sleep(100); // Nothing tells that it is inside.
        Within(5000, client.Dispose);
        That(Task.WaitAny(new[] { pull }, 5000) == 0, "goes on");
        Throws<ObjectDisposedException>(() => pull.GetAwaiter().GetResult());
    }

    public static void CheckWhatCannotBeginEndsItsTask()
    {
        using (var client = Make(options => options.MaxJobs = 1))
        using (var stop = new CancellationTokenSource())
        {
            // All at once, as by a query: one that fails leaves the others alone.
            var ids = new[] { "never-csharp-begin", "never-csharp-busy", "a\0b" };
            var waits = ids.Select(id => client.WaitAsync(id, null, stop.Token)).ToArray();
            Same(Throws<MlabSystemException>(() => End(waits[1])).Status, Status.Busy);
            Throws<MlabArgumentException>(() => End(waits[2]));
            Throws<MlabArgumentException>(() => End(client.DownloadAsync("a\0b")));
            That(!waits[0].IsCompleted, "the first has ended");
            stop.Cancel();
            Throws<OperationCanceledException>(() => End(waits[0]));
        }
        var gone = Make();
        gone.Dispose();
        Throws<ObjectDisposedException>(() => End(gone.WaitAsync("1")));
    }
}
