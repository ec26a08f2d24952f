// What becomes of calls of the C# binding where memory or threads are scarce. Each group needs a place of its own: the runner
// says which by the first argument, a part of their names.
using System;
using System.IO;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Mlab;
using static Harness;

internal static class Scarce
{
    private static readonly WaitOptions Images = new WaitOptions { DownloadMemory = 1 << 20 };

    private static Client Make(bool isManual = false)
    {
        var options = new ClientOptions { Endpoint = Setting("MLAB_TEST_HTTP"), ManualPump = isManual };
        return new Client("test-key-not-real", options);
    }

    /// <summary>What tells of its jobs. CoreCLR keeps its name from the system.</summary>
    private static object ThreadOf(Client client)
    {
        Func<object, string, object> field = (of, name) =>
            of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic).GetValue(of);
        return field(field(client, "jobs"), "thread");
    }

    // With images that no array can hold: large_images.c.

    public static void CheckAnImageTooLargeToCopyEndsItsWaitAlone()
    {
        using (var client = Make())
        {
            var other = client.WaitAsync("never-csharp-large");
            Throws<OutOfMemoryException>(() => client.Wait("12202888", Images));
            Throws<OutOfMemoryException>(() => End(client.WaitAsync("12202888", Images)));
            That(!other.IsCompleted, "the other one has ended");
            Same(client.Wait("12202888").Urls.Count, 4);
        }
    }

    public static void CheckAnImageTooLargeToCopyEndsItsJobInAStreamOnce()
    {
        using (var client = Make())
        using (var events = client.Events(new[] { "12202888", "fail-csharp-large" }, Images))
        {
            var failures = 0;
            var ends = 0;
            for (;;)
            {
                Event told;
                try
                {
                    told = events.NextAsync().GetAwaiter().GetResult();
                }
                catch (OutOfMemoryException)
                {
                    failures++;
                    continue;
                }
                if (told == null)
                    break;
                ends += told.Kind == EventKind.Done ? 1 : 0;
            }
            Same(failures + " " + ends, "1 1");
        }
    }

    public static void CheckAnImageTooLargeToCopyEndsItsWaitInAGameLoop()
    {
        using (var client = Make(true))
        {
            var wait = client.WaitAsync("12202888", Images);
            Within(5000, () =>
            {
                for (; !wait.IsCompleted || client.Pending > 0; Thread.Sleep(1))
                    client.Pump();
            });
            Throws<OutOfMemoryException>(() => End(wait));
        }
    }

    // With a system that has no thread meanwhile: no_threads.c.

    public static void CheckAWaitFailsWithoutAThreadAndTheNextOneHasIt()
    {
        var denied = Setting("MLAB_TEST_NO_THREADS");
        using (var client = Make())
        {
            client.Wait("12202888"); // The library has its threads.
            Eventually(() => ThreadOf(client) == null, "the client's thread is no more");
            File.WriteAllText(denied, "");
            var wait = client.WaitAsync("never-csharp-thread");
            File.Delete(denied);
            That(Task.WaitAny(new Task[] { wait }, 5000) == 0 && wait.IsFaulted, "no failure: " + wait.Status);
            var next = client.WaitAsync("12202888");
            That(Task.WaitAny(new Task[] { next }, 5000) == 0, "the next one hangs");
            Same(next.Result.Urls.Count, 4);
            Eventually(() => client.Pending == 0, "no job"); // Nothing is left of the other one.
        }
    }

    public static int Main(string[] arguments)
    {
        return Run(typeof(Scarce), arguments);
    }
}
