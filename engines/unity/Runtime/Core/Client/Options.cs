using System;

namespace Mlab
{
    /// <summary>How a client works. What is null stays as the library has it.</summary>
    public sealed class ClientOptions
    {
        /// <summary>Where to ask, with {id} in it: a server of your own, or one for tests.</summary>
        public string Endpoint { get; set; }
        /// <summary>How long connecting may take.</summary>
        public TimeSpan? ConnectTimeout { get; set; }
        /// <summary>How long a fetch may take in all, and a poll of a wait.</summary>
        public TimeSpan? RequestTimeout { get; set; }
        /// <summary>The largest reply taken, in bytes.</summary>
        public long? BodyLimit { get; set; }
        /// <summary>Your program, added to the User-Agent.</summary>
        public string UserAgent { get; set; }
        /// <summary>The address of a proxy; "" for none, whatever the environment says.</summary>
        public string Proxy { get; set; }
        /// <summary>A file of certificates to trust, PEM.</summary>
        public string CaFile { get; set; }
        /// <summary>Certificates to trust, PEM.</summary>
        public string CaPem { get; set; }
        /// <summary>Whose root certificates count.</summary>
        public RootsKind? Roots { get; set; }
        /// <summary>How often a fetch tries again after a failure that may pass.</summary>
        public int? Retries { get; set; }
        /// <summary>How many requests a second the client sends at most.</summary>
        public double? RequestsPerSecond { get; set; }
        /// <summary>How many threads poll for jobs at most.</summary>
        public int? Workers { get; set; }
        /// <summary>How many jobs may be open at once.</summary>
        public int? MaxJobs { get; set; }
        /// <summary>The largest image taken into a file, in bytes.</summary>
        public long? ImageLimit { get; set; }
        /// <summary>How many images of one job are downloaded at most.</summary>
        public int? MaxImages { get; set; }

        /// <summary>
        /// True for a game loop: no thread of the binding's delivers anything, but <see cref="Client.Pump"/> does, once
        /// a frame, on the thread that calls it. A blocking wait is then refused.
        /// </summary>
        public bool ManualPump { get; set; }

        /// <summary>
        /// True where the program performs the HTTP itself: the library then opens no socket, and
        /// <see cref="Client.NextExchange"/> has what is to be sent. Proxy, CaFile, CaPem and Roots are the program's.
        /// </summary>
        public bool PullExchanges { get; set; }

        /// <summary>Makes the library's settings; to be freed by the caller.</summary>
        internal IntPtr Make()
        {
            var config = MlabNative.mlab_config_new();
            try
            {
                Text("Endpoint", Endpoint, config, MlabNative.mlab_config_set_endpoint);
                Time("ConnectTimeout", ConnectTimeout, config, MlabNative.mlab_config_set_connect_timeout_ms);
                Time("RequestTimeout", RequestTimeout, config, MlabNative.mlab_config_set_request_timeout_ms);
                if (BodyLimit != null)
                    Check("BodyLimit", config, MlabNative.mlab_config_set_body_limit(config, Size("BodyLimit", BodyLimit.Value)));
                Text("UserAgent", UserAgent, config, MlabNative.mlab_config_set_user_agent);
                Text("Proxy", Proxy, config, MlabNative.mlab_config_set_proxy);
                Text("CaFile", CaFile, config, MlabNative.mlab_config_set_ca_file);
                Text("CaPem", CaPem, config, MlabNative.mlab_config_set_ca_pem);
                if (Roots != null)
                    Check("Roots", config, MlabNative.mlab_config_set_roots(config, (int)Roots.Value));
                Number("Retries", Retries, config, MlabNative.mlab_config_set_retries);
                if (RequestsPerSecond != null)
                    Check("RequestsPerSecond", config,
                        MlabNative.mlab_config_set_requests_per_second(config, RequestsPerSecond.Value));
                Number("Workers", Workers, config, MlabNative.mlab_config_set_workers);
                Number("MaxJobs", MaxJobs, config, MlabNative.mlab_config_set_max_jobs);
                if (ImageLimit != null)
                    Check("ImageLimit", config,
                        MlabNative.mlab_config_set_image_limit(config, Unsigned("ImageLimit", ImageLimit.Value)));
                Number("MaxImages", MaxImages, config, MlabNative.mlab_config_set_max_images);
                if (PullExchanges)
                    Check("PullExchanges", config, MlabNative.mlab_config_set_transport_pull(config));
            }
            catch
            {
                MlabNative.mlab_config_free(config);
                throw;
            }
            return config;
        }

        private static void Text(string name, string value, IntPtr config, Func<IntPtr, IntPtr, int> set)
        {
            if (value == null)
                return;
            using (var text = new Utf8(name, value))
                Check(name, config, set(config, text.Pointer));
        }

        private static void Time(string name, TimeSpan? value, IntPtr config, Func<IntPtr, uint, int> set)
        {
            if (value != null)
                Check(name, config, set(config, Milliseconds.Write(name, value.Value)));
        }

        private static void Number(string name, int? value, IntPtr config, Func<IntPtr, uint, int> set)
        {
            if (value != null)
                Check(name, config, set(config, (uint)Unsigned(name, value.Value)));
        }

        internal static ulong Unsigned(string name, long value)
        {
            if (value < 0)
                throw MlabException.Refuse(name, "it is negative");
            return (ulong)value;
        }

        private static UIntPtr Size(string name, long value)
        {
            var size = Unsigned(name, value);
            return UIntPtr.Size == 4 && size > uint.MaxValue ? (UIntPtr)uint.MaxValue : (UIntPtr)size;
        }

        private static void Check(string name, IntPtr config, int status)
        {
            if (status != 0)
                throw MlabException.Of((Status)status, name + ": " + Utf8.Read(MlabNative.mlab_config_message(config)), null);
        }
    }

    /// <summary>How to wait for a job. What is null stays as the library has it.</summary>
    public sealed class WaitOptions
    {
        /// <summary>How long the wait may take in all; 10 minutes unless set.</summary>
        public TimeSpan? Deadline { get; set; }
        /// <summary>How close polls may be; at least 1 second, 2 unless set.</summary>
        public TimeSpan? MinPoll { get; set; }
        /// <summary>How far apart polls may be; 15 seconds unless set.</summary>
        public TimeSpan? MaxPoll { get; set; }
        /// <summary>How long the job is expected to take: "eta" of the generation call's reply. Saves polls.</summary>
        public TimeSpan? Eta { get; set; }
        /// <summary>A folder into which the images are downloaded.</summary>
        public string DownloadDirectory { get; set; }
        /// <summary>The largest image that is downloaded into memory, in bytes.</summary>
        public long? DownloadMemory { get; set; }

        /// <summary>
        /// Told after each poll that did not end the wait, and while bytes of images come, on the thread that delivers.
        /// An exception out of it ends the wait, and comes out of that.
        /// </summary>
        public Action<Event> Progress { get; set; }

        /// <summary>A copy, which its maker may change.</summary>
        internal WaitOptions Copy()
        {
            return (WaitOptions)MemberwiseClone();
        }

        internal void Apply(IntPtr request)
        {
            if (Deadline != null)
                Check("Deadline", request,
                    MlabNative.mlab_request_set_deadline_ms(request, Milliseconds.Write("Deadline", Deadline.Value)));
            if (MinPoll != null || MaxPoll != null)
            {
                // The library takes both at once: the one that was not said is its default, made to fit.
                var least = MinPoll ?? Least(TimeSpan.FromSeconds(2), MaxPoll.Value);
                var most = MaxPoll ?? Most(TimeSpan.FromSeconds(15), least);
                Check("MinPoll or MaxPoll", request, MlabNative.mlab_request_set_poll_ms(
                    request, Milliseconds.Write("MinPoll", least), Milliseconds.Write("MaxPoll", most)));
            }
            if (Eta != null)
                Check("Eta", request, MlabNative.mlab_request_set_eta_ms(request, Milliseconds.Write("Eta", Eta.Value)));
            if (DownloadDirectory != null)
                using (var path = new Utf8("DownloadDirectory", DownloadDirectory))
                    Check("DownloadDirectory", request,
                        MlabNative.mlab_request_set_download_dir(request, path.Pointer, 0));
            if (DownloadMemory != null)
                Check("DownloadMemory", request, MlabNative.mlab_request_set_download_memory(
                    request, ClientOptions.Unsigned("DownloadMemory", DownloadMemory.Value)));
        }

        private static TimeSpan Least(TimeSpan one, TimeSpan other) { return one < other ? one : other; }

        private static TimeSpan Most(TimeSpan one, TimeSpan other) { return one > other ? one : other; }

        internal static void Check(string name, IntPtr request, int status)
        {
            if (status != 0)
                throw MlabException.Of((Status)status, name + ": " + Utf8.Read(MlabNative.mlab_request_message(request)), null);
        }
    }
}
