// Runtime/Core without any engine: pixels, frames, exchanges, against the stand-in.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Reflection;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Mlab;
using static Harness;

internal static class Frames
{
    private const string Key = "test-key-not-real";
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1);

    /// <summary>For jobs that are ready half a second after their first poll.</summary>
    private static WaitOptions Soon
    {
        get { return new WaitOptions { Eta = TimeSpan.FromSeconds(0.6), MinPoll = TimeSpan.FromSeconds(1) }; }
    }

    private static FrameClient Make(Action<ClientOptions> change = null, IHttpTransport transport = null)
    {
        var options = new ClientOptions { Endpoint = Setting("MLAB_TEST_HTTP") };
        if (change != null)
            change(options);
        return new FrameClient(Key, options, transport);
    }

    private static void Until(FrameClient client, Func<bool> done)
    {
        for (var watch = Stopwatch.StartNew(); !done(); Thread.Sleep(2))
        {
            That(watch.Elapsed.TotalSeconds < 30, "not within 30 s");
            client.Frame(Limit);
        }
    }

    private static Exception Failure(Task task)
    {
        That(task.IsCompleted && !task.IsCanceled && task.Exception != null, "no failure: " + task.Status);
        return task.Exception.InnerException;
    }

    private static byte[] Copy(Pixels pixels)
    {
        var bytes = new byte[pixels.Length];
        Marshal.Copy(pixels.Address, bytes, 0, bytes.Length);
        return bytes;
    }

    private static byte[] Image(string name)
    {
        return File.ReadAllBytes(Path.Combine(Setting("MLAB_TEST_IMAGES"), name));
    }

    public static void CheckEveryMethodFindsWhatItRefersTo()
    {
        PrepareAll(typeof(Client).Assembly);
    }

    public static void CheckTheSourcesNameNoEngine()
    {
        That(!typeof(Client).Assembly.GetReferencedAssemblies().Any(of => of.Name.StartsWith("Unity")), "an engine");
    }

    // Pixels.

    public static void CheckPixelsAreThoseOfTheFileFromTheBottomUp()
    {
        foreach (var name in new[] { "12202888-0.png", "12202888-2.webp" })
            using (var pixels = Pixels.Decode(Image(name)))
            {
                Same(pixels.Width + "x" + pixels.Height, "64x48");
                That(Copy(pixels).SequenceEqual(Pictures.Expected(name)), name);
            }
        using (var pixels = Pixels.Decode(Image("12202888-1.jpg")))
        {
            Same(pixels.Kind, DecodeKind.Jpeg);
            var distance = Pictures.Distance(Copy(pixels), Pictures.Expected("12202888-1.jpg"));
            That(distance < 4, "JPEG loses " + distance);
        }
        using (var pixels = Pixels.Decode(Image("12202888-3.gif")))
        {
            Same(pixels.Kind, DecodeKind.Gif);
            That(Copy(pixels).Where((value, at) => at % 4 == 3).All(alpha => alpha == 255), "alpha");
        }
    }

    public static void CheckWhatIsNoImageSaysWhy()
    {
        Same(Throws<MlabImageException>(() => Pixels.Decode(new byte[0])).Status, Status.BadImage);
        var text = Encoding.UTF8.GetBytes("this is no image at all");
        Same(Throws<MlabImageException>(() => Pixels.Decode(text)).Status, (Status)DecodeStatus.Unsupported);
        var half = Image("12202888-0.png").Take(100).ToArray();
        Same(Throws<MlabImageException>(() => Pixels.Decode(half)).Status, Status.BadImage);
        var large = Throws<MlabImageException>(() => Pixels.Decode(Image("12202888-0.png"), 64 * 48 - 1));
        Same(large.Status, Status.TooLarge);
        That(large.Message.Length > 0, "no message");
        Throws<MlabArgumentException>(() => Pixels.Decode(null));
        Throws<MlabArgumentException>(() => Pixels.Decode(half, 0));
        var gone = Pixels.Decode(Image("12202888-0.png"));
        gone.Dispose();
        Throws<ObjectDisposedException>(() => Copy(gone));
    }

    public static void CheckPixelsLeaveNoMemoryBehind()
    {
        var image = Image("12202888-0.png");
        Action<int> decode = count =>
        {
            for (var i = 0; i < count; i++)
                Pixels.Decode(image).Dispose();
        };
        decode(200);
        var before = Resident();
        decode(2000);
        // 2,000 images of 12 KiB are 24 MB.
        That(Resident() - before < 8 << 20, "grew by " + (Resident() - before) + " bytes");
    }

    // Frames.

    public static void CheckImagesAreLoadedInFramesAndDecodedElsewhere()
    {
        using (var client = Make())
        {
            var frame = Thread.CurrentThread.ManagedThreadId;
            var threads = new HashSet<int>();
            var told = new List<int>();
            Func<Pixels, byte[]> load = pixels =>
            {
                threads.Add(Thread.CurrentThread.ManagedThreadId);
                return Copy(pixels);
            };
            var task = client.WaitForImagesAsync("12202888", load, null, (index, made) => told.Add(index));
            Until(client, () => task.IsCompleted);
            Same(task.Result.Length, 4);
            Same(threads.Single(), frame);
            That(told.OrderBy(index => index).SequenceEqual(Enumerable.Range(0, 4)), "told of each once");
            That(task.Result[0].SequenceEqual(Pictures.Expected("12202888-0.png")), "in the order of the URLs");
            That(task.Result[2].SequenceEqual(Pictures.Expected("12202888-2.webp")), "in the order of the URLs");
        }
    }

    public static void CheckProgressIsToldInFramesAndItsExceptionEndsTheWait()
    {
        using (var client = Make())
        {
            var polls = new List<int>();
            var options = Soon;
            options.MinPoll = TimeSpan.FromSeconds(3); // A job's end drops the progress before it.
            options.Progress = now => polls.Add(now.Polls);
            var task = client.WaitForImagesAsync("unity-progress", Copy, options);
            Until(client, () => task.IsCompleted);
            Same(task.Result.Length, 1);
            Same(polls[0], 1); // The bytes of the images are told as well, where a frame falls between them.
            var thrown = new InvalidOperationException("out of the callback");
            options.Progress = now => { throw thrown; };
            task = client.WaitForImagesAsync("never-unity-progress", Copy, options);
            Until(client, () => task.IsCompleted);
            Same<Exception>(Failure(task), thrown);
        }
    }

    public static void CheckFailuresComeOutOfTheTask()
    {
        using (var client = Make(options => options.Retries = 0))
        {
            var all = new Task[]
            {
                client.WaitAsync("fail-unity", Soon),
                client.WaitForImagesAsync("auth-unity", Copy),
                client.WaitAsync("no id"),
                client.FetchAsync("auth-unity"),
            };
            Until(client, () => all.All(task => task.IsCompleted));
            Same(all.Select(task => ((MlabException)Failure(task)).Status).SequenceEqual(
                new[] { Status.JobFailed, Status.Auth, Status.InvalidArgument, Status.Auth }), true);
        }
    }

    public static void CheckWhatFailsAfterItsImagesDiscardsThem()
    {
        using (var client = Make())
        {
            var discarded = 0;
            var made = 0;
            Func<Pixels, int> load = pixels =>
            {
                if (++made == 3)
                    throw new InvalidOperationException("the third");
                return made;
            };
            var task = client.WaitForImagesAsync("12202888", load, null, null, one => discarded++);
            Until(client, () => task.IsCompleted && discarded == 3);
            Same(Failure(task).Message, "the third");
            Same(made, 4);
        }
    }

    public static void CheckACancelEndsAWaitAndBeforeItsFrameNothingIsSent()
    {
        using (var client = Make())
            Promptly(() =>
            {
                using (var stop = new CancellationTokenSource())
                {
                    var waits = new Task[]
                    {
                        client.WaitAsync("never-unity-cancel", null, stop.Token),
                        client.WaitForImagesAsync("never-unity-cancel-2", Copy, null, null, null, stop.Token),
                    };
                    Until(client, () => client.Pending == 2);
                    var later = client.WaitAsync("never-unity-unsent", null, stop.Token);
                    stop.Cancel();
                    var watch = Stopwatch.StartNew();
                    Until(client, () => later.IsCompleted && waits.All(task => task.IsCompleted));
                    var took = watch.ElapsedMilliseconds;
                    That(later.IsCanceled && waits.All(task => task.IsCanceled), "cancelled");
                    Same(client.Pending, 0);
                    return took;
                }
            });
    }

    public static void CheckThousandsOfJobsAreOpenedOverManyFrames()
    {
        using (var client = Make(options => options.MaxJobs = 5000))
        {
            var waits = Enumerable.Range(0, 2000).Select(i => client.WaitAsync("never-unity-many-" + i)).ToArray();
            client.Frame(TimeSpan.Zero);
            Same(client.Pending, 1); // One at least, whatever the limit.
            var frames = 1;
            Until(client, () => frames++ > 0 && client.Pending == waits.Length);
            That(frames > 3, "in " + frames + " frames");
            Within(5000, client.Dispose);
            That(waits.All(wait => ((MlabEndedException)Failure(wait)).Status == Status.Closed), "closed");
        }
    }

    public static void CheckFramesAreCheapWhileThousandsOfJobsWait()
    {
        var hour = TimeSpan.FromHours(1);
        var options = new WaitOptions { MinPoll = hour, MaxPoll = hour, Deadline = hour + hour };
        using (var client = Make(change => change.MaxJobs = 5000))
        {
            for (var i = 0; i < 2000; i++)
                client.WaitAsync("never-unity-cheap-" + i, options);
            Until(client, () => client.Pending == 2000);
            var frames = new double[1000];
            for (var i = 0; i < frames.Length; i++)
            {
                var watch = Stopwatch.StartNew();
                client.Frame(Limit);
                frames[i] = watch.Elapsed.TotalMilliseconds * 1000;
            }
            Array.Sort(frames);
            Console.Error.WriteLine("a frame takes {0:0.0} us, nine of ten at most {1:0.0}", frames[500], frames[900]);
            That(frames[500] < 100, "half of the frames take more than " + frames[500] + " us");
        }
    }

    public static void CheckAClientMayBeDisposedByWhatItTells()
    {
        var client = Make();
        var open = client.WaitAsync("never-unity-inside");
        var done = client.WaitAsync("12202888").ContinueWith(
            ready => client.Dispose(), TaskContinuationOptions.ExecuteSynchronously);
        Until(client, () => done.IsCompleted);
        Same(done.Status, TaskStatus.RanToCompletion);
        Same(((MlabException)Failure(open)).Status, Status.Closed);
        NoThreadIsLeft();
    }

    public static void CheckAfterDisposingNothingIsLeft()
    {
        var client = Make();
        var open = client.WaitAsync("never-unity-dispose");
        Until(client, () => client.Pending == 1);
        var waiting = client.WaitAsync("never-unity-dispose-2");
        client.Dispose();
        client.Dispose();
        Same(((MlabException)Failure(open)).Status, Status.Closed);
        Same(((MlabException)Failure(waiting)).Status, Status.Closed);
        Same(((MlabException)Failure(client.WaitAsync("1"))).Status, Status.Closed);
        client.Frame(Limit);
        NoThreadIsLeft();
    }

    // Exchanges.

    private sealed class Canned : IHttpTransport
    {
        internal readonly List<Exchange> Seen = new List<Exchange>();
        internal Action<Exchange> Answer;

        public void Begin(Exchange exchange) { Seen.Add(exchange); }

        public void Frame()
        {
            foreach (var exchange in Seen.ToArray())
            {
                if (Answer == null)
                    continue;
                Seen.Remove(exchange);
                Answer(exchange);
                exchange.Dispose();
            }
        }

        public void Dispose() { Seen.ForEach(exchange => exchange.Dispose()); }
    }

    public static void CheckExchangesArePulledAndAnswered()
    {
        var canned = new Canned();
        using (var client = Make(null, canned))
        {
            var reply = Encoding.UTF8.GetBytes("{\"status\":\"success\",\"output\":[\"https://a.example/é.png\"]}");
            canned.Answer = exchange =>
            {
                Same(exchange.Kind, ExchangeKind.Poll);
                Same(exchange.Method, "POST");
                That(exchange.Url.EndsWith("/18446744073709551615"), exchange.Url);
                That(exchange.Headers.Any(of => of.Key == "Content-Type" && of.Value.StartsWith("application/json")), "type");
                That(Encoding.UTF8.GetString(exchange.Body).Contains(Key), "the key");
                That(exchange.BodyLimit > 0 && exchange.Timeout > TimeSpan.Zero && !exchange.IsCancelled, "limits");
                Throws<MlabArgumentException>(() => exchange.Reply(200, "a\0b", reply));
                Same(exchange.Reply(200, "Content-Type: application/json", reply), Status.Ok);
                Same(exchange.Reply(200, null, new byte[0]), Status.Closed);
            };
            var wait = client.WaitAsync("18446744073709551615");
            Until(client, () => wait.IsCompleted);
            Same(wait.Result.Urls[0], "https://a.example/é.png");
            canned.Answer = exchange => exchange.Fail(Status.Connect, "no such place");
            var fetch = client.FetchAsync("1");
            Until(client, () => fetch.IsCompleted);
            Same(((MlabNetworkException)Failure(fetch)).Status, Status.Connect);
            canned.Answer = null;
            using (var stop = new CancellationTokenSource())
            {
                wait = client.WaitAsync("1", null, stop.Token);
                Until(client, () => canned.Seen.Count == 1);
                stop.Cancel();
                Until(client, () => wait.IsCompleted);
                That(canned.Seen[0].IsCancelled, "is told");
            }
        }
        using (var own = new Client(Key, new ClientOptions { Endpoint = Setting("MLAB_TEST_HTTP") }))
            Throws<InvalidOperationException>(() => own.NextExchange());
    }

    // What stays behind.

    public sealed class Domain : MarshalByRefObject
    {
        public int Open(int count)
        {
            var client = Make();
            for (var i = 0; i < count; i++)
                client.WaitAsync("never-unity-domain-" + i);
            Until(client, () => client.Pending == count);
            return client.Pending;
        }
    }

    public static void CheckFortyDomainReloadsWithFiftyJobsLeaveNoThread()
    {
        if (!IsMono)
            return; // CoreCLR has one domain.
        for (var i = 0; i < 40; i++)
        {
            var domain = AppDomain.CreateDomain("reload " + i);
            var there = (Domain)domain.CreateInstanceAndUnwrap(
                Assembly.GetExecutingAssembly().FullName, typeof(Domain).FullName);
            Same(there.Open(50), 50);
            AppDomain.Unload(domain);
        }
        NoThreadIsLeft();
    }

    public static int Main(string[] arguments)
    {
        return Run(typeof(Frames), arguments);
    }
}
