// The whole package in a game of stand-ins: a player loop, textures, UnityWebRequest, against the stand-in server.
using System;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Mlab;
using UnityEngine;
using UnityEngine.LowLevel;
using static Harness;
using Debug = UnityEngine.Debug;

internal static class Game
{
    private const string Key = "test-key-not-real";

    private static MlabClient Make(Action<ClientOptions> change = null, IHttpTransport transport = null)
    {
        var options = new ClientOptions { Endpoint = Setting("MLAB_TEST_HTTP") };
        if (change != null)
            change(options);
        return new MlabClient(Key, options, transport);
    }

    /// <summary>Runs frames until this has ended, as a game does that awaits it.</summary>
    private static void Play(Func<Task> game)
    {
        var task = game();
        for (var watch = Stopwatch.StartNew(); !task.IsCompleted; Thread.Sleep(2))
        {
            That(watch.Elapsed.TotalSeconds < 30, "not within 30 s");
            PlayerLoop.Frame();
        }
        task.GetAwaiter().GetResult();
    }

    private static async Task<T> Fails<T>(Task task) where T : Exception
    {
        try
        {
            await task;
        }
        catch (T e)
        {
            return e;
        }
        throw new Exception("no " + typeof(T).Name);
    }

    private static void Reset()
    {
        var reset = typeof(MlabLoop).GetMethod("Reset", BindingFlags.NonPublic | BindingFlags.Static);
        var when = (RuntimeInitializeOnLoadMethodAttribute)Attribute.GetCustomAttribute(
            reset, typeof(RuntimeInitializeOnLoadMethodAttribute));
        Same(when.LoadType, RuntimeInitializeLoadType.SubsystemRegistration);
        reset.Invoke(null, null);
    }

    public static void CheckEveryMethodFindsWhatItRefersTo()
    {
        PrepareAll(typeof(MlabClient).Assembly);
    }

    public static void CheckTexturesHaveThePixelsOfTheirFiles()
    {
        using (var client = Make())
            Play(async () =>
            {
                var main = Thread.CurrentThread.ManagedThreadId;
                var told = 0;
                var textures = await client.WaitForTexturesAsync("12202888", null, (index, texture) => told++);
                Same(Thread.CurrentThread.ManagedThreadId, main);
                Same(textures.Length, 4);
                Same(told, 4);
                That(textures.All(texture => texture.width == 64 && texture.height == 48 && texture.IsApplied), "textures");
                That(textures[0].Raw.SequenceEqual(Pictures.Expected("12202888-0.png")), "PNG");
                That(textures[2].Raw.SequenceEqual(Pictures.Expected("12202888-2.webp")), "WebP");
                That(Pictures.Distance(textures[1].Raw, Pictures.Expected("12202888-1.jpg")) < 4, "JPEG");
                var result = await client.WaitAsync("12202888", new WaitOptions { DownloadMemory = 1 << 20 });
                var one = await client.TextureAsync(result.Images[0].Bytes);
                That(one.Raw.SequenceEqual(textures[0].Raw), "from bytes");
                await Fails<MlabImageException>(client.TextureAsync(new byte[7]));
            });
    }

    public static void CheckAnImageThatNoTextureHoldsIsRefused()
    {
        SystemInfo.maxTextureSize = 63;
        using (var client = Make())
            Play(async () =>
            {
                var made = Texture2D.Made;
                var refused = await Fails<MlabImageException>(client.WaitForTexturesAsync("12202888"));
                Same(refused.Status, Status.TooLarge);
                That(refused.Message.Contains("64 x 48") && refused.Message.Contains("63"), refused.Message);
                Same(Texture2D.Made, made);
            });
        SystemInfo.maxTextureSize = 8192;
    }

    public static void CheckTexturesOfAWaitThatFailsAreDestroyed()
    {
        foreach (var isPlaying in new[] { true, false })
        {
            Application.isPlaying = isPlaying;
            MlabLoop.FrameLimit = TimeSpan.Zero; // One texture a frame, so that the cancel comes before the last.
            using (var client = Make())
            using (var stop = new CancellationTokenSource())
            {
                var made = Texture2D.Made;
                var destroyed = UnityEngine.Object.Destroyed;
                var open = client.WaitForTexturesAsync("12202888", null, null, stop.Token);
                for (var watch = Stopwatch.StartNew(); Texture2D.Made == made; Thread.Sleep(1))
                {
                    That(watch.Elapsed.TotalSeconds < 30, "not within 30 s");
                    MlabLoop.Frame();
                }
                stop.Cancel();
                Play(async () =>
                {
                    await Fails<OperationCanceledException>(open);
                    while (UnityEngine.Object.Destroyed - destroyed < Texture2D.Made - made)
                        await Task.Yield();
                });
                That(Texture2D.Made - made < 4, "all were made before the cancel");
            }
        }
        MlabLoop.FrameLimit = TimeSpan.FromMilliseconds(1);
        Application.isPlaying = false;
    }

    public static void CheckFailuresAndCancelsAreExceptionsAndLeaveNoTexture()
    {
        using (var client = Make())
        using (var stop = new CancellationTokenSource())
            Play(async () =>
            {
                var made = Texture2D.Made;
                var soon = new WaitOptions { Eta = TimeSpan.FromSeconds(0.6), MinPoll = TimeSpan.FromSeconds(1) };
                var failed = await Fails<MlabJobException>(client.WaitForTexturesAsync("fail-unity-game", soon));
                Same(failed.Status, Status.JobFailed);
                var wait = client.WaitForTexturesAsync("never-unity-game", null, null, stop.Token);
                stop.CancelAfter(50);
                await Fails<OperationCanceledException>(wait);
                Same(client.Pending, 0);
                Same(Texture2D.Made, made);
            });
    }

    public static void CheckTheLoopIsThereWhileClientsAre()
    {
        Same(PlayerLoop.CountOf(typeof(MlabLoop)), 0);
        That(!Application.IsQuittingHeard, "listens to nothing");
        var one = Make();
        var other = Make();
        Same(PlayerLoop.CountOf(typeof(MlabLoop)), 1);
        PlayerLoop.SetPlayerLoop(PlayerLoop.GetDefaultPlayerLoop()); // As other packages do.
        Make().Dispose();
        Same(PlayerLoop.CountOf(typeof(MlabLoop)), 1);
        one.Dispose();
        Same(PlayerLoop.CountOf(typeof(MlabLoop)), 1);
        other.Dispose();
        Same(PlayerLoop.CountOf(typeof(MlabLoop)), 0);
        That(!Application.IsQuittingHeard, "listens still");
    }

    public static void CheckLeavingAGameEndsItsClients()
    {
        var ends = new Action[] { Application.Quit, Reset, UnityEditor.AssemblyReloadEvents.Reload, UnityEditor.EditorApplication.Quit };
        var editor = Assembly.Load("Mlab.Editor").GetType("Mlab.Editor.EditorFrames", true);
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(editor.TypeHandle);
        foreach (var end in ends)
        {
            var client = Make();
            var open = client.WaitAsync("never-unity-end");
            Play(async () =>
            {
                while (client.Pending == 0)
                    await Task.Yield();
            });
            MlabLoop.FrameLimit = TimeSpan.FromSeconds(1);
            Within(5000, end);
            Same(((MlabException)open.Exception.InnerException).Status, Status.Closed);
            Same(PlayerLoop.CountOf(typeof(MlabLoop)), 0);
            NoThreadIsLeft();
        }
        Reset();
        Same(MlabLoop.FrameLimit, TimeSpan.FromMilliseconds(1));
    }

    public static void CheckTheEditorHasFramesWithoutAGame()
    {
        var editor = Assembly.Load("Mlab.Editor").GetType("Mlab.Editor.EditorFrames", true);
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(editor.TypeHandle);
        using (var client = Make())
        {
            var wait = client.WaitAsync("12202888");
            for (var watch = Stopwatch.StartNew(); !wait.IsCompleted; Thread.Sleep(2))
            {
                That(watch.Elapsed.TotalSeconds < 30, "not within 30 s");
                UnityEditor.EditorApplication.update();
            }
            Same(wait.Result.Urls.Count, 4);
        }
    }

    public static void CheckKeysOfPlayersAreNotReadAndPublicOnesAreWarnedOf()
    {
        Application.isEditor = false;
        That(Throws<MlabArgumentException>(() => new MlabClient()).Message.StartsWith("key: "), "names it");
        Debug.isDebugBuild = true;
        Environment.SetEnvironmentVariable("API_KEY", Key);
        Debug.Warnings.Clear();
        new MlabClient().Dispose();
        Same(Debug.Warnings.Count, 0);
        new MlabClient(Key).Dispose();
        Same(Debug.Warnings.Count, 1);
        That(Debug.Warnings[0].Contains("public") && !Debug.Warnings[0].Contains(Key), Debug.Warnings[0]);
        Environment.SetEnvironmentVariable("API_KEY", null);
        Debug.isDebugBuild = false;
    }

    // UnityWebRequest.

    public static void CheckUnityWebRequestBringsPollsAndImages()
    {
        using (var client = Make(null, new WebRequestTransport()))
            Play(async () =>
            {
                var bytes = 0L;
                var options = new WaitOptions { Progress = now => bytes = Math.Max(bytes, now.BytesDone) };
                var textures = await client.WaitForTexturesAsync("12202888", options);
                That(textures[0].Raw.SequenceEqual(Pictures.Expected("12202888-0.png")), "PNG");
                That(textures[2].Raw.SequenceEqual(Pictures.Expected("12202888-2.webp")), "WebP");
                That(bytes > 0, "no bytes were told of");
                Same((await client.FetchAsync("never-unity-web")).Status, Status.Processing);
            });
        Same(UnityEngine.Networking.UnityWebRequest.Open, 0);
    }

    public static void CheckUnityWebRequestsFailuresAreStatuses()
    {
        Action<string, Status, Action<ClientOptions>> fetch = (id, status, change) =>
        {
            Action<ClientOptions> all = options =>
            {
                options.Retries = 0;
                if (change != null)
                    change(options);
            };
            using (var client = Make(all, new WebRequestTransport()))
                Play(async () => Same((await Fails<MlabException>(client.FetchAsync(id))).Status, status));
        };
        fetch("auth-unity-web", Status.Auth, null);
        fetch("rate-unity-web", Status.RateLimited, null);
        fetch("busy-unity-web", Status.Server, null);
        fetch("1", Status.Connect, options => options.Endpoint = Setting("MLAB_TEST_UNREACHABLE"));
        fetch("1", Status.Redirect, options => options.Endpoint = Setting("MLAB_TEST_REDIRECT"));
        fetch("12202888", Status.TooLarge, options => options.BodyLimit = 100);
        UnityEngine.Networking.UnityWebRequest.IsInsecureRefused = true;
        fetch("12202888", Status.Connect, null);
        UnityEngine.Networking.UnityWebRequest.IsInsecureRefused = false;
        Same(UnityEngine.Networking.UnityWebRequest.Open, 0);
    }

    public static void CheckAnImageThatGrowsTooLargeIsNoBrokenConnection()
    {
        using (var client = Make(options => options.Endpoint = Setting("MLAB_TEST_FLOOD"), new WebRequestTransport()))
            Play(async () =>
            {
                var options = new WaitOptions { DownloadMemory = 200000 };
                var failed = await Fails<MlabException>(client.WaitAsync("12202888", options));
                Same(failed.Status, Status.TooLarge);
            });
        Same(UnityEngine.Networking.UnityWebRequest.Open, 0);
    }

    public static void CheckACancelAbortsUnityWebRequests()
    {
        using (var client = Make(null, new WebRequestTransport()))
        using (var stop = new CancellationTokenSource())
            Play(async () =>
            {
                var wait = client.WaitAsync("slow-30-unity-web", null, stop.Token);
                while (UnityEngine.Networking.UnityWebRequest.Open == 0)
                    await Task.Yield();
                stop.Cancel();
                await Fails<OperationCanceledException>(wait);
                while (UnityEngine.Networking.UnityWebRequest.Open > 0)
                    await Task.Yield();
                wait = client.WaitAsync("slow-30-unity-web-2");
                while (UnityEngine.Networking.UnityWebRequest.Open == 0)
                    await Task.Yield();
                client.Dispose();
                await Fails<MlabEndedException>(wait);
            });
        Same(UnityEngine.Networking.UnityWebRequest.Open, 0);
    }

    public static void CheckThePackagesOwnTestsPass()
    {
        var tests = Assembly.Load("Mlab.Tests").GetType("Mlab.Tests.LibraryTests", true);
        var methods = tests.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public);
        Same(methods.Length, 3);
        foreach (var method in methods)
            method.Invoke(Activator.CreateInstance(tests, true), null);
    }

    public static int Main(string[] arguments)
    {
        MainThread.IsThisOne();
        Application.isEditor = true;
        SynchronizationContext.SetSynchronizationContext(new FrameContext());
        return Run(typeof(Game), arguments);
    }
}
