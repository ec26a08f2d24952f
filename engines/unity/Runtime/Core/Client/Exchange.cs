using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Mlab
{
    /// <summary>
    /// One HTTP request that the program sends for the library, and the one answer that it gives. One thread at a time.
    /// Redirects must not be followed: answer with them. What is disposed without an answer counts as a broken connection.
    /// </summary>
    public sealed class Exchange : IDisposable
    {
        private readonly ExchangeHandle handle;

        /// <summary>What it brings. Fail what you do not know.</summary>
        public ExchangeKind Kind { get; }
        /// <summary>The HTTP method: POST for a poll, GET for an image.</summary>
        public string Method { get; }
        /// <summary>Where to send the request.</summary>
        public string Url { get; }
        /// <summary>The headers to send.</summary>
        public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }
        /// <summary>The body to send, or null. That of a poll holds the key: do nothing else with it.</summary>
        public byte[] Body { get; }
        /// <summary>The largest body that the library takes, in bytes. Past it, fail with <see cref="Status.TooLarge"/>.</summary>
        public long BodyLimit { get; }
        /// <summary>How long it may take in all.</summary>
        public TimeSpan Timeout { get; }

        internal Exchange(IntPtr owned)
        {
            handle = new ExchangeHandle(owned);
            Kind = (ExchangeKind)MlabNative.mlab_exchange_kind(owned);
            Method = Utf8.Read(MlabNative.mlab_exchange_method(owned));
            Url = Utf8.Read(MlabNative.mlab_exchange_url(owned));
            Headers = ReadHeaders(owned);
            UIntPtr length;
            var body = MlabNative.mlab_exchange_body(owned, out length);
            Body = body == IntPtr.Zero ? null : Utf8.ReadBytes(body, length);
            BodyLimit = (long)Math.Min(MlabNative.mlab_exchange_body_limit(owned), long.MaxValue);
            Timeout = TimeSpan.FromMilliseconds(MlabNative.mlab_exchange_timeout_ms(owned));
        }

        /// <summary>Whether nobody waits for it any more. It may still be answered, to no effect.</summary>
        public bool IsCancelled
        {
            get
            {
                using (var held = handle.Hold())
                    return MlabNative.mlab_exchange_is_cancelled(held.Pointer) != 0;
            }
        }

        /// <summary>Tells how many bytes of an image are there, for the job's events.</summary>
        /// <param name="done">bytes that are there</param>
        /// <param name="total">bytes in all; null if that is not known</param>
        public void Progress(long done, long? total)
        {
            using (var held = handle.Hold())
                MlabNative.mlab_exchange_progress(held.Pointer, ClientOptions.Unsigned("done", done), total ?? -1);
        }

        /// <summary>Answers with a reply, whatever its HTTP status.</summary>
        /// <param name="httpStatus">100 to 599</param>
        /// <param name="headers">lines of "Name: value"; may be null</param>
        /// <param name="body">decompressed; null for an image whose bytes follow by <see cref="Write"/></param>
        /// <returns>Ok; Closed if it was answered before; InvalidArgument or NoResources if it is not answered</returns>
        public Status Reply(int httpStatus, string headers, byte[] body)
        {
            using (var held = handle.Hold())
            using (var text = new Utf8("headers", headers))
            using (var bytes = new Pinned(body, body == null ? 0 : body.Length))
                return (Status)MlabNative.mlab_exchange_reply(
                    held.Pointer, httpStatus, text.Pointer, bytes.Pointer, bytes.Length);
        }

        /// <summary>Hands over the next bytes of an image whose reply had no body; none end it.</summary>
        /// <returns>Ok: go on. Else stop: the image has failed with that, or nobody waits for it any more</returns>
        public Status Write(byte[] bytes, int count)
        {
            using (var held = handle.Hold())
            using (var pinned = new Pinned(bytes, count))
                return (Status)MlabNative.mlab_exchange_write(held.Pointer, pinned.Pointer, pinned.Length);
        }

        /// <summary>Answers that no reply came.</summary>
        /// <param name="status">why: Resolve, Connect, Tls, Timeout, Network, Redirect, TooLarge, Proxy or NoResources</param>
        /// <param name="message">one line for people; may be null</param>
        public Status Fail(Status status, string message)
        {
            using (var held = handle.Hold())
            using (var text = new Utf8("message", message))
                return (Status)MlabNative.mlab_exchange_fail(held.Pointer, (int)status, text.Pointer);
        }

        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }

        private static List<KeyValuePair<string, string>> ReadHeaders(IntPtr lent)
        {
            var headers = new List<KeyValuePair<string, string>>();
            for (var index = UIntPtr.Zero; ; index = (UIntPtr)headers.Count)
            {
                var name = Utf8.Read(MlabNative.mlab_exchange_header_name(lent, index));
                if (name == null)
                    return headers;
                var value = Utf8.Read(MlabNative.mlab_exchange_header_value(lent, index));
                headers.Add(new KeyValuePair<string, string>(name, value));
            }
        }
    }

    /// <summary>Bytes on their way in: where they stand until disposed. An empty array has an address, null has none.</summary>
    internal struct Pinned : IDisposable
    {
        // An empty array may have no first element to point to.
        private static readonly byte[] One = new byte[1];
        private GCHandle pin;

        internal IntPtr Pointer { get; }
        internal UIntPtr Length { get; }

        internal Pinned(byte[] bytes, int count)
        {
            if (count < 0 || count > (bytes == null ? 0 : bytes.Length))
                throw MlabException.Refuse("count", "there are not so many bytes");
            pin = bytes == null ? default(GCHandle) : GCHandle.Alloc(bytes.Length == 0 ? One : bytes, GCHandleType.Pinned);
            Pointer = bytes == null ? IntPtr.Zero : pin.AddrOfPinnedObject();
            Length = (UIntPtr)count;
        }

        public void Dispose()
        {
            if (pin.IsAllocated)
                pin.Free();
        }
    }
}
