// Times calls for `cargo bench --bench bindings`, and prints nanoseconds a call:
//
//     Bench.exe fetch SAMPLES BATCH URL
//     Bench.exe parse SAMPLES BATCH FILE
using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Mlab;

internal static class Bench
{
    // CoreCLR compiles what is hot anew, and begins with it after 100 ms.
    private static readonly TimeSpan Warming = TimeSpan.FromMilliseconds(400);

    private static void Main(string[] arguments)
    {
        var samples = int.Parse(arguments[1]);
        var batch = int.Parse(arguments[2]);
        var target = arguments[3];
        if (arguments[0] == "fetch")
        {
            using (var client = new Client("test-key-not-real", new ClientOptions { Endpoint = target }))
                Measure(() => client.Fetch("12202888"), samples, batch);
        }
        else
        {
            var body = File.ReadAllBytes(target);
            Measure(() => Result.Parse(body, 200), samples, batch);
        }
    }

    private static void Measure(Func<Result> call, int samples, int batch)
    {
        var warm = Stopwatch.StartNew();
        while (warm.Elapsed < Warming)
            call();
        Result result = null;
        var took = new double[samples];
        for (var i = 0; i < samples; i++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var j = 0; j < batch; j++)
                result = call();
            took[i] = (Stopwatch.GetTimestamp() - start) * 1e9 / Stopwatch.Frequency / batch;
        }
        Array.Sort(took);
        Console.WriteLine(string.Format(CultureInfo.InvariantCulture, "bytes={0} min={1:F1} median={2:F1} p90={3:F1}",
            result.Urls.Sum(url => url.Length), took[0], took[samples / 2], took[samples * 9 / 10]));
    }
}
