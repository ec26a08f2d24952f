using System;
using System.Threading;
using System.Threading.Tasks;
using UnityEngine;

namespace Mlab
{
    /// <summary>
    /// Waits for queued images of ModelsLab, and makes textures of them. Made and used on the main thread; what awaits goes
    /// on there. Polls, downloads and decoding happen on other threads, and a frame is spent on it for at most
    /// <see cref="MlabLoop.FrameLimit"/>.
    /// </summary>
    public sealed class MlabClient : IDisposable
    {
        private readonly FrameClient client;

        /// <summary>Makes a client, which has its frames from the player loop at once.</summary>
        /// <param name="key">the token of the player, for a server of yours: an API key inside a game is public. Null, for
        /// development, takes MODELSLAB_API_KEY or API_KEY from the environment, in the editor and in debug builds</param>
        /// <param name="options">above all the endpoint; null for ModelsLab's own and the defaults</param>
        /// <param name="transport">sends the requests, such as <see cref="WebRequestTransport"/>; null for the library</param>
        /// <exception cref="MlabArgumentException">the key or an option cannot be used; the message names it</exception>
        public MlabClient(string key = null, ClientOptions options = null, IHttpTransport transport = null)
        {
            if (key == null && !Application.isEditor && !Debug.isDebugBuild)
                throw MlabException.Refuse("key", "none was given, and a released game reads no key of its player's");
            if (key != null && (options == null || options.Endpoint == null))
                Debug.LogWarning("MlabClient: a key for ModelsLab's own endpoint is public once the game is: set "
                    + "ClientOptions.Endpoint to a server of your own, and let it give each player a token");
            client = new FrameClient(key, options, transport);
            MlabLoop.Add(this);
        }

        /// <summary>How many jobs are open at the library.</summary>
        public int Pending { get { return client.Pending; } }

        /// <summary>Waits until a job has ended.</summary>
        /// <param name="id">what the generation call returned</param>
        /// <param name="options">deadline, polls, downloads, progress; null for the defaults</param>
        /// <param name="token">cancels it: the work at the server goes on, and the same id may be waited for later</param>
        /// <exception cref="MlabException">it failed, with the class of its group</exception>
        /// <exception cref="OperationCanceledException">the token was cancelled</exception>
        public Task<Result> WaitAsync(
            string id, WaitOptions options = null, CancellationToken token = default(CancellationToken))
        {
            return client.WaitAsync(id, options, token);
        }

        /// <summary>Asks once how a job stands.</summary>
        /// <exception cref="MlabException">it failed, with the class of its group</exception>
        public Task<Result> FetchAsync(string id, CancellationToken token = default(CancellationToken))
        {
            return client.FetchAsync(id, token);
        }

        /// <summary>Waits for a job, and makes a texture of each of its images: PNG, JPEG, WebP, or the first frame of a GIF.</summary>
        /// <param name="id">what the generation call returned</param>
        /// <param name="options">null for the defaults; 64 MiB an image unless DownloadMemory says otherwise</param>
        /// <param name="each">told of each as soon as it is there, by its place among the URLs; what it was given is its own,
        /// even if the wait fails afterwards. May be null</param>
        /// <param name="token">cancels it</param>
        /// <returns>one a URL. They are yours: <c>Destroy</c> them</returns>
        /// <exception cref="MlabException">it failed, with the class of its group; no texture is left behind</exception>
        /// <exception cref="OperationCanceledException">the token was cancelled</exception>
        public Task<Texture2D[]> WaitForTexturesAsync(string id, WaitOptions options = null,
            Action<int, Texture2D> each = null, CancellationToken token = default(CancellationToken))
        {
            return client.WaitForImagesAsync(id, Upload, options, each, Discard, token);
        }

        /// <summary>Makes a texture of an image's bytes; decodes them on another thread.</summary>
        public Task<Texture2D> TextureAsync(byte[] image, CancellationToken token = default(CancellationToken))
        {
            return client.DecodeAsync(image, Upload, token);
        }

        /// <summary>Ends every job with the status Closed, within a second.</summary>
        public void Dispose()
        {
            MlabLoop.Remove(this);
            client.Dispose();
        }

        internal void Frame(TimeSpan limit)
        {
            client.Frame(limit);
        }

        /// <summary>In a frame. The pixels go to the graphics card as they are, and no copy is kept.</summary>
        private static Texture2D Upload(Pixels pixels)
        {
            var most = SystemInfo.maxTextureSize;
            if (pixels.Width > most || pixels.Height > most)
                throw new MlabImageException(Status.TooLarge, "the image has " + pixels.Width + " x "
                    + pixels.Height + " pixels, and a texture of this machine at most " + most + " a side", null);
            var texture = new Texture2D(pixels.Width, pixels.Height, TextureFormat.RGBA32, false);
            texture.LoadRawTextureData(pixels.Address, pixels.Length);
            texture.Apply(false, true);
            return texture;
        }

        private static void Discard(Texture2D texture)
        {
            if (Application.isPlaying)
                UnityEngine.Object.Destroy(texture);
            else
                UnityEngine.Object.DestroyImmediate(texture); // Tools of the editor have no frame that would do it.
        }
    }
}
