// UnityWebRequest over the runtime's own HTTP. It behaves as Unity's is documented to: the handlers run on the main thread,
// here one each time that a frame asks whether it is done, and a redirect past the limit is an error.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading;

namespace UnityEngine.Networking
{
    public class UploadHandler : IDisposable
    {
        internal byte[] Data;

        public void Dispose() { }
    }

    public sealed class UploadHandlerRaw : UploadHandler
    {
        public UploadHandlerRaw(byte[] data) { Data = data; }
    }

    public class DownloadHandler : IDisposable
    {
        public void Dispose() { }
    }

    public class DownloadHandlerScript : DownloadHandler
    {
        internal readonly byte[] Buffer;

        protected DownloadHandlerScript(byte[] preallocatedBuffer) { Buffer = preallocatedBuffer; }

        protected virtual bool ReceiveData(byte[] data, int dataLength) { return false; }
        protected virtual void ReceiveContentLengthHeader(ulong contentLength) { }

        internal bool Take(byte[] data, int length) { return ReceiveData(data, length); }
        internal void TakeLength(ulong length) { ReceiveContentLengthHeader(length); }
    }

    public class UnityWebRequestAsyncOperation
    {
    }

    public class UnityWebRequest : IDisposable
    {
        public enum Result
        {
            InProgress,
            Success,
            ConnectionError,
            ProtocolError,
            DataProcessingError,
        }

        public static int Open;
        public static bool IsInsecureRefused;

        private readonly ConcurrentQueue<Action> happened = new ConcurrentQueue<Action>();
        private readonly HttpWebRequest http;
        private Dictionary<string, string> headers;
        private bool isAborted;

        public DownloadHandlerScript downloadHandler { get; set; }
        public UploadHandler uploadHandler { get; set; }
        public int redirectLimit { get; set; } = 32;
        public int timeout { get; set; }
        public long responseCode { get; private set; }
        public string error { get; private set; }
        public Result result { get; private set; }

        public UnityWebRequest(string url, string method)
        {
            MainThread.Check();
            Open++;
            http = (HttpWebRequest)WebRequest.Create(url);
            http.Method = method;
            http.Proxy = null;
            http.ServicePoint.Expect100Continue = false;
        }

        public bool isDone
        {
            get
            {
                MainThread.Check();
                Action next;
                if (result == Result.InProgress && happened.TryDequeue(out next))
                    next();
                return result != Result.InProgress;
            }
        }

        public void SetRequestHeader(string name, string value)
        {
            switch (name.ToLowerInvariant())
            {
                case "content-length":
                case "host":
                    throw new InvalidOperationException("Cannot override system-specified headers");
                case "content-type": http.ContentType = value; break;
                case "accept": http.Accept = value; break;
                case "user-agent": http.UserAgent = value; break;
                default: http.Headers[name] = value; break;
            }
        }

        public Dictionary<string, string> GetResponseHeaders() { return headers; }

        public UnityWebRequestAsyncOperation SendWebRequest()
        {
            if (IsInsecureRefused && http.RequestUri.Scheme == "http")
                throw new InvalidOperationException("Insecure connection not allowed");
            http.AllowAutoRedirect = redirectLimit > 0;
            new Thread(Send) { IsBackground = true }.Start();
            return new UnityWebRequestAsyncOperation();
        }

        public void Abort()
        {
            isAborted = true;
            http.Abort();
            End(Result.ConnectionError, "Request aborted");
        }

        public void Dispose() { Open--; }

        private void Send()
        {
            try
            {
                if (uploadHandler != null)
                    using (var body = http.GetRequestStream())
                        body.Write(uploadHandler.Data, 0, uploadHandler.Data.Length);
                Receive((HttpWebResponse)http.GetResponse());
            }
            catch (WebException e)
            {
                if (e.Response != null)
                    Receive((HttpWebResponse)e.Response);
                else
                    happened.Enqueue(() => End(Result.ConnectionError, "Cannot connect to destination host"));
            }
            catch (IOException)
            {
                happened.Enqueue(() => End(Result.ConnectionError, "Failed to receive data"));
            }
        }

        private void Receive(HttpWebResponse response)
        {
            var code = (int)response.StatusCode;
            happened.Enqueue(() =>
            {
                responseCode = code;
                headers = new Dictionary<string, string>();
                foreach (var name in response.Headers.AllKeys)
                    headers[name] = response.Headers[name];
                if (response.ContentLength > 0)
                    downloadHandler.TakeLength((ulong)response.ContentLength);
            });
            if (code >= 300 && code < 400 && redirectLimit == 0)
            {
                happened.Enqueue(() => End(Result.ConnectionError, "Redirect limit exceeded"));
                return;
            }
            using (var body = response.GetResponseStream())
                for (;;)
                {
                    var piece = new byte[downloadHandler.Buffer.Length];
                    var length = body.Read(piece, 0, piece.Length);
                    if (length <= 0)
                        break;
                    happened.Enqueue(() => Take(piece, length));
                }
            happened.Enqueue(() => End(code < 400 ? Result.Success : Result.ProtocolError, null));
        }

        private void Take(byte[] piece, int length)
        {
            if (!isAborted && !downloadHandler.Take(piece, length))
                End(Result.DataProcessingError, "Data processing error");
        }

        private void End(Result how, string why)
        {
            if (result != Result.InProgress)
                return;
            result = how;
            error = why;
        }
    }
}
