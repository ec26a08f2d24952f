using System;
using System.Threading;
using Mlab;
using UnityEngine;

/// <summary>Shows the images of a job on this object's renderer, one after the other as they come.</summary>
public sealed class Pictures : MonoBehaviour
{
    [SerializeField] private string endpoint = "https://relay.example.com/fetch/{id}";
    [SerializeField] private string jobId = "12202888";

    private readonly CancellationTokenSource stop = new CancellationTokenSource();
    private MlabClient client;
    private Texture2D shown;

    /// <summary>What your server gave this player.</summary>
    public string PlayerToken { get; set; }

    private async void Start()
    {
        try
        {
            client = new MlabClient(PlayerToken, new ClientOptions { Endpoint = endpoint });
            var options = new WaitOptions { Progress = now => Debug.Log("poll " + now.Polls) };
            await client.WaitForTexturesAsync(jobId, options, Show, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The object is gone; the work at the server goes on.
        }
        catch (MlabException e)
        {
            Debug.LogError(e.Status + ": " + e.Message);
        }
    }

    private void Show(int index, Texture2D texture)
    {
        if (shown != null)
            Destroy(shown);
        shown = texture;
        GetComponent<Renderer>().material.mainTexture = texture;
    }

    private void OnDestroy()
    {
        stop.Cancel();
        if (client != null)
            client.Dispose();
        if (shown != null)
            Destroy(shown);
    }
}
