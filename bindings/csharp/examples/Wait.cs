// Waits for queued images of ModelsLab: prints their URLs, or saves them into a folder. Ctrl-C stops at once.
//
//     Wait 12202888 [FOLDER]
//
// The key comes from MODELSLAB_API_KEY, then API_KEY; MLAB_ENDPOINT asks another server.
using System;
using System.Threading;
using System.Threading.Tasks;
using Mlab;

internal static class Wait
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length < 1 || arguments.Length > 2)
        {
            Console.Error.WriteLine("usage: Wait ID [FOLDER]");
            return 64;
        }
        return Run(arguments[0], arguments.Length > 1 ? arguments[1] : null).GetAwaiter().GetResult();
    }

    private static async Task<int> Run(string id, string folder)
    {
        using (var stop = new CancellationTokenSource())
        {
            Console.CancelKeyPress += (sender, pressed) =>
            {
                pressed.Cancel = true; // The program ends by itself, with its client.
                stop.Cancel();
            };
            var options = new WaitOptions
            {
                DownloadDirectory = folder,
                Progress = now => Console.Error.WriteLine("{0}: poll {1}, {2:0.0} s", now.Id, now.Polls, now.Elapsed.TotalSeconds),
            };
            try
            {
                var endpoint = Environment.GetEnvironmentVariable("MLAB_ENDPOINT");
                using (var client = new Client(options: new ClientOptions { Endpoint = endpoint }))
                {
                    var result = await client.WaitAsync(id, options, stop.Token);
                    for (var i = 0; i < result.Urls.Count; i++)
                        Console.WriteLine(folder == null ? result.Urls[i] : result.Images[i].Path);
                    return 0;
                }
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine("stopped; the job goes on at the server");
                return 130;
            }
            catch (MlabException e)
            {
                Console.Error.WriteLine("{0}: {1}", e.Status, e.Message);
                return (int)e.Group;
            }
        }
    }
}
