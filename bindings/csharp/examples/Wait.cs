// Waits for one queued job with a progress line, and prints the URLs of its images, or saves them and prints where.
// Ctrl-C stops it at once.
//
//     MODELSLAB_API_KEY=... mono Wait.exe 12202888 [eta in seconds, as the generation call said]
//
// MLAB_IMAGES is a folder to save the images into; MLAB_ENDPOINT and MLAB_CA_FILE are for a server of your own.
//
// Exit code: 0 the images are there, 3 not yet when the deadline came, 130 stopped by Ctrl-C, 1 something went wrong,
// 2 wrong use.
using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Mlab;

internal static class Wait
{
    private static int Main(string[] arguments)
    {
        var eta = 0.0;
        if (arguments.Length < 1 || arguments.Length > 2 || (arguments.Length == 2 && !IsTime(arguments[1], out eta)))
        {
            Console.Error.WriteLine("usage: Wait ID [ETA IN SECONDS]");
            return 2;
        }
        var options = new WaitOptions { DownloadDirectory = Variable("MLAB_IMAGES"), Progress = Show };
        if (arguments.Length == 2)
            options.Eta = TimeSpan.FromSeconds(eta);
        return Run(arguments[0], options).GetAwaiter().GetResult();
    }

    /// <summary>A number of seconds, up to the day that the library takes for the longest.</summary>
    private static bool IsTime(string word, out double seconds)
    {
        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds)
            && seconds >= 0 && seconds <= 86400;
    }

    private static string Variable(string name)
    {
        var value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static void Show(Event now)
    {
        var line = string.Format("{0:0.0} s, poll {1}", now.Elapsed.TotalSeconds, now.Polls);
        if (now.NextPoll != null)
            line += string.Format(", next in {0:0.0} s", (now.NextPoll.Value - now.Elapsed).TotalSeconds);
        if (now.Eta != null)
            line += string.Format(", the server expects {0:0.0} s more", now.Eta.Value.TotalSeconds);
        Console.Error.WriteLine(line);
    }

    private static async Task<int> Run(string id, WaitOptions options)
    {
        using (var stop = new CancellationTokenSource())
        {
            Console.CancelKeyPress += (sender, pressed) =>
            {
                pressed.Cancel = true; // The program ends by itself, with its client.
                stop.Cancel();
            };
            try
            {
                var settings = new ClientOptions { Endpoint = Variable("MLAB_ENDPOINT"), CaFile = Variable("MLAB_CA_FILE") };
                using (var client = new Client(options: settings))
                    Print(await client.WaitAsync(id, options, stop.Token));
                return 0;
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine("stopped; the job goes on at the server");
                return 130;
            }
            catch (MlabException e)
            {
                Console.Error.WriteLine("{0}: {1}", e.Status, e.Message);
                return e is MlabDeadlineException ? 3 : 1;
            }
        }
    }

    private static void Print(Result result)
    {
        foreach (var image in result.Images)
            Console.WriteLine("{0} ({1}, {2} x {3})", image.Path, image.Type, image.Width, image.Height);
        if (result.Images.Count == 0)
            foreach (var url in result.Urls)
                Console.WriteLine(url);
    }
}
