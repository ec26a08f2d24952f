using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Mlab
{
    /// <summary>
    /// A decoded image: R, G, B, A, a byte each, the bottom row first, as a texture takes it. Its memory is no garbage
    /// collector's, and is freed by <see cref="Dispose"/>. It never changes, so any number of threads may read it.
    /// </summary>
    public sealed class Pixels : IDisposable
    {
        /// <summary>The most pixels that are taken unless said otherwise: 8192 x 8192, what mobile graphics chips take.</summary>
        public const long MaxPixels = 8192 * 8192;

        private readonly Memory memory;

        /// <summary>The width in pixels.</summary>
        public int Width { get; }
        /// <summary>The height in pixels.</summary>
        public int Height { get; }
        /// <summary>The format that the bytes were in.</summary>
        public DecodeKind Kind { get; }
        /// <summary>How many bytes there are: four times width times height.</summary>
        public int Length { get { return Width * Height * 4; } }

        /// <summary>Where the bytes are; valid until <see cref="Dispose"/>.</summary>
        public IntPtr Address
        {
            get
            {
                if (memory.IsClosed)
                    throw new ObjectDisposedException("Pixels");
                return memory.DangerousGetHandle();
            }
        }

        /// <summary>
        /// Decodes a whole PNG, JPEG, WebP or GIF. Blocks for as long as that takes: call it on a thread that draws nothing.
        /// </summary>
        /// <param name="bytes">the image file</param>
        /// <param name="maxPixels">the most pixels that it may have, compared before memory is taken</param>
        /// <exception cref="MlabImageException">it is damaged, too large, or of another format</exception>
        public static Pixels Decode(byte[] bytes, long maxPixels = MaxPixels)
        {
            if (bytes == null)
                throw MlabException.Refuse("bytes", "it is null");
            if (maxPixels < 1 || maxPixels > int.MaxValue / 4)
                throw MlabException.Refuse("maxPixels", "it must be from 1 to " + int.MaxValue / 4);
            using (var pinned = new Pinned(bytes, bytes.Length))
            {
                IntPtr image;
                var status = MlabDecodeNative.mlab_decode_rgba8(
                    pinned.Pointer, pinned.Length, (ulong)maxPixels, out image);
                try
                {
                    if (status != (int)DecodeStatus.Ok)
                        throw Failure((DecodeStatus)status, Utf8.Read(MlabDecodeNative.mlab_decode_image_message(image)));
                    return new Pixels(image);
                }
                finally
                {
                    MlabDecodeNative.mlab_decode_image_free(image);
                }
            }
        }

        /// <summary>The same on a thread of the pool.</summary>
        public static Task<Pixels> DecodeAsync(
            byte[] bytes, long maxPixels = MaxPixels, CancellationToken token = default(CancellationToken))
        {
            return Task.Run(() => Decode(bytes, maxPixels), token);
        }

        /// <summary>Frees the pixels.</summary>
        public void Dispose()
        {
            memory.Dispose();
        }

        private unsafe Pixels(IntPtr image)
        {
            Width = (int)MlabDecodeNative.mlab_decode_image_width(image);
            Height = (int)MlabDecodeNative.mlab_decode_image_height(image);
            Kind = (DecodeKind)MlabDecodeNative.mlab_decode_image_kind(image);
            UIntPtr length;
            var from = (byte*)MlabDecodeNative.mlab_decode_image_pixels(image, out length);
            var stride = (long)MlabDecodeNative.mlab_decode_image_stride(image);
            memory = new Memory(Length);
            var to = (byte*)memory.DangerousGetHandle();
            var row = Width * 4L;
            for (var y = 0; y < Height; y++)
                Buffer.MemoryCopy(from + (Height - 1 - y) * stride, to + y * row, row, row);
        }

        private static MlabException Failure(DecodeStatus status, string message)
        {
            if (status == DecodeStatus.NoResources || status == DecodeStatus.Internal)
                return MlabException.Of((Status)status, message, null);
            return new MlabImageException((Status)status, message, null);
        }

        private sealed class Memory : SafeHandle
        {
            internal Memory(int length)
                : base(IntPtr.Zero, true)
            {
                SetHandle(Marshal.AllocHGlobal(length));
            }

            public override bool IsInvalid { get { return handle == IntPtr.Zero; } }

            protected override bool ReleaseHandle()
            {
                Marshal.FreeHGlobal(handle);
                return true;
            }
        }
    }
}
