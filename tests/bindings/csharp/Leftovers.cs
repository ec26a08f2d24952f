// What a client leaves behind: memory, threads, domains.
using System;
using System.Reflection;
using System.Text;
using System.Threading;
using Mlab;
using static Harness;

internal static partial class Checks
{
    public static void CheckTenThousandCallsDoNotGrow()
    {
        var body = Encoding.UTF8.GetBytes("{\"status\":\"success\",\"output\":[\"" + new string('a', 2000) + "\"]}");
        using (var client = Make())
        using (var stop = new CancellationTokenSource())
        {
            Action<int> calls = count =>
            {
                for (var i = 0; i < count; i++)
                    Result.Parse(body);
                for (var i = 0; i < count / 20; i++)
                {
                    Throws<MlabArgumentException>(() => client.Fetch("no id"));
                    Throws<MlabArgumentException>(() => client.Wait("no id"));
                }
                for (var i = 0; i < count / 4; i++)
                    client.Fetch("12202888", stop.Token);
                for (var i = 0; i < count / 40; i++)
                    using (var events = client.Events("12202888", null, stop.Token))
                        while (events.NextAsync().Result != null) { }
                for (var i = 0; i < count / 1000; i++)
                    new Client("k").Dispose();
            };
            calls(5000);
            var before = Resident();
            calls(10000);
            // Of 10,000 results of 4 KB each, one in ten would show.
            That(Resident() - before < 4 << 20, "grew by " + (Resident() - before) + " bytes");
        }
    }

    public static void CheckAForgottenClientLeavesNothing()
    {
        Action forget = () => { Make().Wait("12202888"); };
        forget();
        Within(5000, () =>
        {
            while (Threads("mlab-") > 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
    }

    public sealed class Domain : MarshalByRefObject
    {
        public int Open(int count)
        {
            var client = Make();
            for (var i = 0; i < count; i++)
                client.WaitAsync("never-csharp-domain-" + i);
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
}
