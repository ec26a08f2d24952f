using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using UnityEngine.Networking;

namespace Mlab
{
    /// <summary>One exchange under way by UnityWebRequest.</summary>
    internal sealed class WebExchange : IDisposable
    {
        // At once from the network, and into the library in one call.
        private const int PieceBytes = 64 * 1024;

        private readonly Exchange exchange;
        private readonly UnityWebRequest request;
        private readonly Body body;

        internal WebExchange(Exchange exchange)
        {
            this.exchange = exchange;
            request = new UnityWebRequest(exchange.Url, exchange.Method);
            body = new Body(exchange, request);
            request.downloadHandler = body;
            if (exchange.Body != null)
                request.uploadHandler = new UploadHandlerRaw(exchange.Body);
            foreach (var header in exchange.Headers)
                Set(header.Key, header.Value);
            // A poll holds the key, and the library judges where it may go.
            request.redirectLimit = 0;
            // Whole seconds. The library itself gives up in time.
            request.timeout = (int)Math.Ceiling(exchange.Timeout.TotalSeconds);
        }

        /// <summary>Sends the request. What Unity refuses, such as http without TLS, is the exchange's failure.</summary>
        internal void Send()
        {
            try
            {
                request.SendWebRequest();
            }
            catch (InvalidOperationException e)
            {
                exchange.Fail(Status.Connect, e.Message);
                request.Abort();
            }
        }

        /// <summary>Answers once there is an answer; whether it is over.</summary>
        internal bool HasEnded()
        {
            if (!request.isDone && !exchange.IsCancelled)
                return false;
            if (request.isDone)
                Answer();
            Dispose();
            return true;
        }

        /// <summary>Ends both, whatever their state.</summary>
        public void Dispose()
        {
            if (!request.isDone)
                request.Abort();
            request.Dispose();
            exchange.Dispose();
        }

        private void Set(string name, string value)
        {
            try
            {
                request.SetRequestHeader(name, value);
            }
            catch (InvalidOperationException)
            {
                // One that Unity sets itself on this platform, such as User-Agent on the web.
            }
        }

        private void Answer()
        {
            if (body.Failure != Status.Ok)
                exchange.Fail(body.Failure, null);
            else if (request.responseCode >= 300 && request.responseCode < 400 || HasReply)
                body.End();
            else
                exchange.Fail(Why(), request.error);
        }

        private bool HasReply
        {
            get
            {
                return request.result == UnityWebRequest.Result.Success
                    || request.result == UnityWebRequest.Result.ProtocolError;
            }
        }

        /// <summary>Unity tells the reason in words alone.</summary>
        private Status Why()
        {
            var error = request.error ?? "";
            Func<string, bool> says = words => error.IndexOf(words, StringComparison.OrdinalIgnoreCase) >= 0;
            if (says("redirect limit"))
                return Status.Redirect;
            if (says("resolve"))
                return Status.Resolve;
            if (says("timeout") || says("timed out"))
                return Status.Timeout;
            if (says("SSL") || says("certificate") || says("TLS"))
                return Status.Tls;
            return says("connect") ? Status.Connect : Status.Network;
        }

        /// <summary>Takes the bytes of the reply as they come: those of an image go on at once, those of a poll are few.</summary>
        private sealed class Body : DownloadHandlerScript
        {
            private readonly Exchange exchange;
            private readonly UnityWebRequest request;
            private readonly MemoryStream whole = new MemoryStream();
            private bool isInPieces;
            private long done;
            private long? total;

            /// <summary>Why it cannot go on; Ok while it can.</summary>
            internal Status Failure { get; private set; }

            internal Body(Exchange exchange, UnityWebRequest request)
                : base(new byte[PieceBytes])
            {
                this.exchange = exchange;
                this.request = request;
            }

            internal void End()
            {
                if (isInPieces)
                    exchange.Write(new byte[0], 0);
                else if (exchange.Reply((int)request.responseCode, Headers(), whole.ToArray()) == Status.NoResources)
                    exchange.Fail(Status.NoResources, null);
            }

            protected override void ReceiveContentLengthHeader(ulong contentLength)
            {
                total = contentLength > 0 && contentLength <= long.MaxValue ? (long)contentLength : (long?)null;
            }

            /// <summary>False aborts the request.</summary>
            protected override bool ReceiveData(byte[] data, int dataLength)
            {
                done += dataLength;
                if (Failure == Status.Ok && done > exchange.BodyLimit)
                    Failure = Status.TooLarge;
                if (Failure != Status.Ok)
                    return false;
                if (done == dataLength && exchange.Kind == ExchangeKind.Image && CanComeInPieces(request.responseCode))
                {
                    isInPieces = true;
                    Failure = exchange.Reply((int)request.responseCode, Headers(), null);
                }
                if (!isInPieces)
                    whole.Write(data, 0, dataLength);
                else if (Failure == Status.Ok)
                    Write(data, dataLength);
                return Failure == Status.Ok;
            }

            /// <summary>Where the library says no, the image has failed already, and the failure is told to nobody.</summary>
            private void Write(byte[] data, int length)
            {
                exchange.Progress(done, total);
                Failure = exchange.Write(data, length);
            }

            private static bool CanComeInPieces(long httpStatus)
            {
                return httpStatus == 200 || httpStatus == 203 || httpStatus == 206;
            }

            private string Headers()
            {
                var lines = new StringBuilder();
                foreach (var header in request.GetResponseHeaders() ?? new Dictionary<string, string>())
                    lines.Append(header.Key).Append(": ").Append(header.Value).Append('\n');
                return lines.ToString();
            }
        }
    }
}
