// The C# binding against the stand-in. Each method that begins with "Check" is a sentence about behaviour.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Mlab;
using static Harness;

internal static partial class Checks
{
    private const string Key = "test-key-not-real";

    /// <summary>For jobs that are ready half a second after their first poll.</summary>
    private static readonly WaitOptions Soon = new WaitOptions
    {
        Eta = TimeSpan.FromSeconds(0.6),
        MinPoll = TimeSpan.FromSeconds(1),
    };

    private static Client Make(Action<ClientOptions> change = null)
    {
        var options = new ClientOptions { Endpoint = Setting("MLAB_TEST_HTTP") };
        if (change != null)
            change(options);
        return new Client(Key, options);
    }

    // What the package needs.

    public static void CheckEveryMethodFindsWhatItRefersTo()
    {
        PrepareAll(typeof(Client).Assembly);
    }

    // What comes back.

    public static void CheckWaitGivesTheUrlsOfAReadyJob()
    {
        using (var client = Make())
        {
            var result = client.Wait("12202888");
            Same(result.Status, Status.Ok);
            That(result.IsReady, "not ready");
            Same(result.Urls.Count, 4);
            Same(result.Output, result.Urls);
            Same(result.Id, "12202888");
            Same(result.HttpStatus, 200);
            That(Encoding.UTF8.GetString(result.Body).Contains("success"), "the body");
        }
    }

    public static void CheckFetchOfAJobThatIsNotReadyIsNoError()
    {
        using (var client = Make())
        {
            var result = client.Fetch("never-csharp-fetch");
            Same(result.Status, Status.Processing);
            That(!result.IsReady && result.Urls.Count == 0, "ready");
            Same(End(client.FetchAsync("never-csharp-fetch")).Status, Status.Processing);
        }
    }

    public static void CheckFailuresAreExceptionsOfTheirGroup()
    {
        using (var client = Make(options => options.Retries = 0))
        {
            var failed = Throws<MlabJobException>(() => client.Wait("fail-csharp", Soon));
            Same(failed.Status, Status.JobFailed);
            That(!failed.IsRetryable && failed.RetryAfter == null, "retryable");
            That(failed.Result != null && failed.Message == failed.Result.Message, "no result on the exception");
            Same(Throws<MlabAccountException>(() => client.Fetch("auth-csharp")).Status, Status.Auth);
            MlabAccountException limited = Throws<MlabRateLimitException>(() => client.Fetch("rate-csharp"));
            Same(limited.Status, Status.RateLimited);
            Same(limited.RetryAfter, TimeSpan.FromSeconds(3));
            That(limited.IsRetryable, "not retryable");
            var busy = Throws<MlabNetworkException>(() => client.Fetch("busy-csharp"));
            Same(busy.Status, Status.Server);
        }
    }

    public static void CheckAnUnreachableServerIsANetworkException()
    {
        using (var client = Make(options => { options.Endpoint = Setting("MLAB_TEST_UNREACHABLE"); options.Retries = 0; }))
            Same(Throws<MlabNetworkException>(() => client.Fetch("1")).Status, Status.Connect);
    }

    public static void CheckTextIsUtf8BothWays()
    {
        using (var client = Make(options => options.Endpoint = Setting("MLAB_TEST_UTF8")))
        {
            var result = client.Fetch("1");
            Same(result.Message, "fertig: 日本");
            Same(result.Urls[0], "https://images.example/é/😀");
        }
    }

    public static void CheckAnIdOf64BitsSurvives()
    {
        using (var client = Make())
            Same(client.Wait("18446744073709551615").Id, "18446744073709551615");
    }

    public static void CheckParseUnderstandsABodyThatCameOtherwise()
    {
        var body = Encoding.UTF8.GetBytes("{\"status\":\"success\",\"output\":[\"https://a.example/1.png\"]}");
        Same(Result.Parse(body).Urls[0], "https://a.example/1.png");
        Same(Result.Parse(new byte[0]).Status, Status.Protocol);
        Throws<MlabArgumentException>(() => Result.Parse(null));
    }

    public static void CheckABodyIsBytesWhateverIsInIt()
    {
        var body = new byte[] { 0, (byte)'a', 0, 0xff, (byte)'b', 0 };
        using (var client = Make(options => options.Endpoint = Setting("MLAB_TEST_BINARY")))
        {
            That(Throws<MlabAccountException>(() => client.Fetch("1")).Result.Body.SequenceEqual(body), "fetch: another");
            That(Throws<MlabAccountException>(() => client.Wait("1")).Result.Body.SequenceEqual(body), "wait: another");
        }
        That(Result.Parse(body, 401).Body.SequenceEqual(body), "parse: another");
    }

    // What is refused.

    public static void CheckAStringThatCWouldCutIsRefused()
    {
        using (var client = Make())
        {
            var refused = Throws<MlabArgumentException>(() => client.Fetch("12202888\0x"));
            That(refused.Message.StartsWith("id: ") && !refused.IsRetryable && refused.RetryAfter == null, "names no id");
            Throws<MlabArgumentException>(() => client.Wait("12202888\0x"));
            Throws<MlabArgumentException>(() => client.Wait("\ud800"));
            Throws<MlabArgumentException>(() => client.Download(
                "https://a.example/1.png", "a\0b"));
            Throws<MlabArgumentException>(() => client.Wait(null));
            Same(client.Pending, 0);
        }
        Throws<MlabArgumentException>(() => new Client("a\0b"));
    }

    public static void CheckOptionsAreRefusedByName()
    {
        Action<string, Action<ClientOptions>> refuse = (name, change) =>
        {
            var message = Throws<MlabArgumentException>(() => Make(change)).Message;
            That(message.StartsWith(name + ": "), message);
        };
        refuse("Endpoint", options => options.Endpoint = "no url");
        refuse("ConnectTimeout", options => options.ConnectTimeout = TimeSpan.FromSeconds(-1));
        refuse("BodyLimit", options => options.BodyLimit = -1);
        refuse("Workers", options => options.Workers = -1);
        refuse("Roots", options => options.Roots = (RootsKind)2);
        Make(options => options.Roots = RootsKind.System).Dispose();
        refuse("CaPem", options => options.CaPem = "no certificate");
        using (var client = Make())
        {
            var message = Throws<MlabArgumentException>(
                () => client.Wait("1", new WaitOptions { MinPoll = TimeSpan.FromMilliseconds(1) })).Message;
            That(message.StartsWith("MinPoll or MaxPoll: "), message);
            Throws<MlabArgumentException>(() => client.Wait("1", new WaitOptions { Deadline = TimeSpan.Zero }));
        }
    }

    public static void CheckTheKeyComesFromTheEnvironment()
    {
        var options = new ClientOptions { Endpoint = Setting("MLAB_TEST_HTTP") };
        That(Throws<MlabArgumentException>(() => new Client(null, options)).Message.Contains("MODELSLAB_API_KEY"), "how");
        foreach (var name in new[] { "API_KEY", "MODELSLAB_API_KEY" })
        {
            Environment.SetEnvironmentVariable("API_KEY", name == "API_KEY" ? Key : "another-key-not-real");
            Environment.SetEnvironmentVariable("MODELSLAB_API_KEY", name == "API_KEY" ? "" : Key);
            using (var client = new Client(options: options))
                client.Fetch("12202888");
        }
        Environment.SetEnvironmentVariable("API_KEY", null);
        Environment.SetEnvironmentVariable("MODELSLAB_API_KEY", null);
    }

    // Many at once.

    public static void CheckThirtyWaitsAtOnceTakeThreeSeconds()
    {
        using (var client = Make())
        {
            var id = 0;
            Promptly(() =>
            {
                var watch = Stopwatch.StartNew();
                Task.WaitAll(Enumerable.Range(0, 30)
                    .Select(i => client.WaitAsync("csharp-many-" + id++, Soon)).ToArray<Task>());
                return watch.ElapsedMilliseconds;
            }, 3000);
        }
    }

    // What is told meanwhile.

    public static void CheckProgressIsToldAndItsExceptionEndsTheWait()
    {
        using (var client = Make())
        {
            var told = new List<Event>();
            client.Wait("csharp-progress", new WaitOptions
            {
                // A job's end drops the progress before it: the second poll comes late.
                Progress = told.Add, Eta = Soon.Eta, MinPoll = TimeSpan.FromSeconds(3),
            });
            That(told.Count > 0 && told[0].Kind == EventKind.Progress && told[0].Polls == 1, "told " + told.Count);
            That(told[0].NextPoll > TimeSpan.Zero && told[0].Id == "csharp-progress", "what is told");
            var thrown = new InvalidOperationException("out of the callback");
            var options = new WaitOptions { Progress = now => { throw thrown; } };
            Same<Exception>(Throws<InvalidOperationException>(() => client.Wait("never-csharp-progress", options)), thrown);
            Throws<InvalidOperationException>(() => client.Wait("never-csharp-progress-2",
                new WaitOptions { Progress = now => client.Wait("12202888") }));
            client.Wait("12202888");
        }
    }

    public static void CheckEventsTellOfEveryJob()
    {
        using (var client = Make())
        {
            var ends = new Dictionary<string, Status>();
            var images = 0;
            var options = new WaitOptions { DownloadMemory = 1 << 20, Eta = Soon.Eta, MinPoll = Soon.MinPoll };
            using (var events = client.Events(new[] { "12202888", "fail-csharp-events", "csharp-events" }, options))
                for (var told = events.NextAsync().Result; told != null; told = events.NextAsync().Result)
                    if (told.Kind == EventKind.Done)
                        ends.Add(told.Id, told.Status);
                    else if (told.Kind == EventKind.Image)
                        images += told.Result.Images[told.Index].Bytes.Length > 0 ? 1 : 0;
            Same(ends.Count, 3);
            Same(ends["12202888"], Status.Ok);
            Same(ends["fail-csharp-events"], Status.JobFailed);
            Same(ends["csharp-events"], Status.Ok);
            Same(images, 5);
            using (var events = client.Events("never-csharp-events"))
            {
                events.Dispose();
                var told = events.NextAsync().Result;
                while (told.Kind == EventKind.Progress) // The first poll may have been faster.
                    told = events.NextAsync().Result;
                Same(told.Status, Status.Cancelled);
                Same(events.NextAsync().Result, null);
            }
            Throws<MlabArgumentException>(() => client.Events(new[] { "never-csharp-events-2", "no id" }));
            Eventually(() => client.Pending == 0, "no job");
        }
    }

#if NETCOREAPP3_0_OR_GREATER
    public static void CheckEventsAreAnAsyncStream()
    {
        using (var client = Make())
        {
            var stream = client.Events("csharp-stream", Soon).GetAsyncEnumerator();
            Event last = null;
            while (stream.MoveNextAsync().AsTask().Result)
                last = stream.Current;
            Same(last.Kind, EventKind.Done);
            var source = new CancellationTokenSource();
            stream = client.Events("never-csharp-stream").GetAsyncEnumerator(source.Token);
            That(stream.MoveNextAsync().AsTask().Result, "the first poll");
            source.Cancel();
            Throws<OperationCanceledException>(() =>
            {
                while (stream.MoveNextAsync().AsTask().GetAwaiter().GetResult()) { }
            });
            stream.DisposeAsync();
        }
    }
#endif

    public static void CheckAGameLoopPumpsOnItsOwnThread()
    {
        using (var client = Make(options => options.ManualPump = true))
        {
            var frame = Thread.CurrentThread.ManagedThreadId;
            var on = 0;
            var task = client.WaitAsync("csharp-frame", Soon).ContinueWith(
                done => { on = Thread.CurrentThread.ManagedThreadId; return done.Result; },
                TaskContinuationOptions.ExecuteSynchronously);
            Throws<InvalidOperationException>(() => client.Wait("csharp-frame"));
            while (!task.IsCompleted)
            {
                client.Pump(TimeSpan.FromMilliseconds(1));
                Thread.Sleep(16); // A frame.
            }
            Same(on, frame);
            Same(Threads("mlab-events"), 0);
            var open = client.WaitAsync("never-csharp-frame");
            client.Dispose();
            Throws<MlabEndedException>(() => End(open));
        }
        using (var client = Make())
            Throws<InvalidOperationException>(() => client.Pump());
    }

    // Images.

    public static void CheckImagesComeIntoMemoryAndFiles()
    {
        var folder = Path.Combine(Setting("MLAB_TEST_FOLDER"), "bilder-é-日本");
        Directory.CreateDirectory(folder);
        using (var client = Make())
        {
            var result = client.Wait("12202888", new WaitOptions { DownloadMemory = 1 << 20 });
            Same(string.Join(" ", result.Images.Select(image => image.Type)), "image/png image/jpeg image/webp image/gif");
            That(result.Images.All(image => image.Bytes.Length > 0 && image.Path == null && image.Width == 64), "images");
            var saved = client.Wait("12202888", new WaitOptions { DownloadDirectory = folder });
            for (var i = 0; i < 4; i++)
            {
                That(saved.Images[i].Path.StartsWith(folder), saved.Images[i].Path);
                That(File.ReadAllBytes(saved.Images[i].Path).SequenceEqual(result.Images[i].Bytes), "other bytes");
                Same(saved.Images[i].Bytes, null);
            }
            var path = Path.Combine(folder, "eins-é.png");
            Same(client.Download(result.Urls[0], path).Images[0].Path, path);
            That(File.ReadAllBytes(path).SequenceEqual(result.Images[0].Bytes), "other bytes");
            Same(End(client.DownloadAsync(result.Urls[0])).Images[0].Bytes.Length, result.Images[0].Bytes.Length);
            var small = new WaitOptions { DownloadMemory = 10 };
            Same(Throws<MlabException>(() => client.Wait("12202888", small)).Status, Status.TooLarge);
        }
    }

    public static int Main(string[] arguments)
    {
        if (arguments.Length > 0 && arguments[0] == "exit")
        {
            var client = Make();
            for (var i = 0; i < 200; i++)
                client.WaitAsync("never-csharp-exit-" + i);
            client.FetchAsync("slow-30-csharp-exit");
            ThreadStart block = () =>
            {
                try { client.Fetch("slow-30-csharp-block"); }
                catch (Exception) { } // In whatever way the end of the process ends it.
            };
            new Thread(block) { IsBackground = true }.Start();
            Thread.Sleep(100); // Nothing tells that the thread is inside.
            return 7;
        }
        return Run(typeof(Checks), arguments);
    }
}
