using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Mlab
{
    /// <summary>What a call came back with: a copy, which any thread may keep.</summary>
    public sealed class Result
    {
        private static readonly Image[] NoImages = new Image[0];

        /// <summary>What happened, in one number.</summary>
        public Status Status { get; }

        /// <summary>Whether the images are there.</summary>
        public bool IsReady { get { return Status == Status.Ok; } }

        /// <summary>The image URLs, byte for byte as the server lists them; none unless the job is ready.</summary>
        public IReadOnlyList<string> Urls { get; }

        /// <summary>The same as <see cref="Urls"/>, under the vendor's name.</summary>
        public IReadOnlyList<string> Output { get { return Urls; } }

        /// <summary>One line for people: what went wrong and what to do, or what the server said.</summary>
        public string Message { get; }

        /// <summary>The id of the job.</summary>
        public string Id { get; }

        /// <summary>The HTTP status code of the reply; 0 if there was none.</summary>
        public int HttpStatus { get; }

        /// <summary>How much longer the server expects the job to take; null if it did not say.</summary>
        public TimeSpan? Eta { get; }

        /// <summary>How long the server wants to be left alone; null if it did not say.</summary>
        public TimeSpan? RetryAfter { get; }

        /// <summary>Whether the same call may succeed later without anything being changed.</summary>
        public bool IsRetryable { get; }

        /// <summary>How often the server was asked.</summary>
        public int Attempts { get; }

        /// <summary>How long the call took.</summary>
        public TimeSpan Elapsed { get; }

        /// <summary>The body of the reply, with the key replaced by ***. For logs and bug reports.</summary>
        public byte[] Body { get; }

        /// <summary>The images that were downloaded, one a URL.</summary>
        public IReadOnlyList<Image> Images { get; }

        private Result(IntPtr lent, bool withImageBytes)
        {
            Status = (Status)MlabNative.mlab_result_status(lent);
            UIntPtr count;
            var first = MlabNative.mlab_result_urls(lent, out count);
            var urls = new string[(int)count];
            for (var i = 0; i < urls.Length; i++)
                urls[i] = Utf8.Read(Marshal.ReadIntPtr(first, i * IntPtr.Size));
            Urls = urls;
            Message = Utf8.Read(MlabNative.mlab_result_message(lent));
            Id = Utf8.Read(MlabNative.mlab_result_id(lent));
            HttpStatus = MlabNative.mlab_result_http_status(lent);
            Eta = Milliseconds.Read(MlabNative.mlab_result_eta_ms(lent));
            RetryAfter = Milliseconds.Read(MlabNative.mlab_result_retry_after_ms(lent));
            IsRetryable = MlabNative.mlab_result_is_retryable(lent) != 0;
            Attempts = MlabNative.mlab_result_attempts(lent);
            Elapsed = TimeSpan.FromMilliseconds(MlabNative.mlab_result_elapsed_ms(lent));
            UIntPtr length;
            var body = MlabNative.mlab_result_body(lent, out length);
            Body = Utf8.ReadBytes(body, length);
            var images = (int)MlabNative.mlab_result_image_count(lent);
            Images = images == 0 ? NoImages : Image.ReadAll(lent, images, withImageBytes);
        }

        /// <summary>
        /// Understands a reply that came by another way, such as a webhook. Asks nobody, and throws only if the body is
        /// null: <see cref="Status"/> has the outcome.
        /// </summary>
        public static unsafe Result Parse(byte[] body, int httpStatus = 200)
        {
            if (body == null)
                throw MlabException.Refuse("body", "it is null");
            IntPtr made;
            fixed (byte* start = body) // NULL if it is empty, which the library takes.
                MlabNative.mlab_parse((IntPtr)start, (UIntPtr)(uint)body.Length, httpStatus, out made);
            return Take(made);
        }

        /// <summary>Copies a result and frees it; null for NULL.</summary>
        internal static Result Take(IntPtr owned, bool withImageBytes = true)
        {
            try
            {
                return owned == IntPtr.Zero ? null : new Result(owned, withImageBytes);
            }
            finally
            {
                MlabNative.mlab_result_free(owned);
            }
        }

        /// <summary>This result if its status is no error; else its exception.</summary>
        internal Result OrThrow()
        {
            if (Status < 0)
                throw MlabException.Of(Status, Message, this);
            return this;
        }
    }

    /// <summary>One image that was downloaded.</summary>
    public sealed class Image
    {
        /// <summary>Its bytes where it was downloaded into memory; else, or if it is not there, null.</summary>
        public byte[] Bytes { get; }

        /// <summary>Its file where it was downloaded into one; else, or if it is not there, null.</summary>
        public string Path { get; }

        /// <summary>What it is, such as "image/png"; null if it is not there.</summary>
        public string Type { get; }

        /// <summary>Its width in pixels; 0 if it does not say.</summary>
        public int Width { get; }

        /// <summary>Its height in pixels; 0 if it does not say.</summary>
        public int Height { get; }

        private Image(IntPtr lent, UIntPtr index, bool withBytes)
        {
            UIntPtr length;
            var bytes = MlabNative.mlab_result_image(lent, index, out length);
            if (bytes != IntPtr.Zero && withBytes)
                Bytes = Utf8.ReadBytes(bytes, length);
            Path = Utf8.Read(MlabNative.mlab_result_image_path(lent, index));
            Type = Utf8.Read(MlabNative.mlab_result_image_type(lent, index));
            Width = (int)MlabNative.mlab_result_image_width(lent, index);
            Height = (int)MlabNative.mlab_result_image_height(lent, index);
        }

        internal static Image[] ReadAll(IntPtr lent, int count, bool withBytes)
        {
            var images = new Image[count];
            for (var i = 0; i < count; i++)
                images[i] = new Image(lent, (UIntPtr)i, withBytes);
            return images;
        }
    }
}
