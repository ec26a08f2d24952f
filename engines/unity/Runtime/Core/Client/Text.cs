using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Mlab
{
    /// <summary>A string on its way in: UTF-8 with a NUL at its end, outside the collector's reach, until disposed.</summary>
    internal struct Utf8 : IDisposable
    {
        // Throws at half a surrogate pair, which the default would replace: what was checked would not be what is sent.
        private static readonly Encoding Strict = new UTF8Encoding(false, true);

        internal IntPtr Pointer { get; private set; }

        /// <param name="name">the argument, for the message of a refusal</param>
        /// <param name="text">null stays NULL</param>
        internal Utf8(string name, string text)
        {
            Pointer = IntPtr.Zero;
            if (text == null)
                return;
            if (text.IndexOf('\0') >= 0)
                throw MlabException.Refuse(name, "there is a NUL inside, behind which the library would see nothing");
            byte[] bytes;
            try
            {
                bytes = Strict.GetBytes(text);
            }
            catch (EncoderFallbackException)
            {
                throw MlabException.Refuse(name, "there is half a surrogate pair inside, which is no text");
            }
            Pointer = Marshal.AllocHGlobal(bytes.Length + 1);
            Marshal.Copy(bytes, 0, Pointer, bytes.Length);
            Marshal.WriteByte(Pointer, bytes.Length, 0);
        }

        public void Dispose()
        {
            Marshal.FreeHGlobal(Pointer);
            Pointer = IntPtr.Zero;
        }

        /// <summary>Copies a string that the library lends. It is valid UTF-8; NULL becomes null.</summary>
        internal static unsafe string Read(IntPtr lent)
        {
            var start = (byte*)lent;
            if (start == null)
                return null;
            var end = start;
            while (*end != 0)
                end++;
            return end == start ? "" : Encoding.UTF8.GetString(start, (int)(end - start));
        }

        /// <summary>Copies bytes that the library lends.</summary>
        internal static byte[] ReadBytes(IntPtr lent, UIntPtr length)
        {
            if ((ulong)length > int.MaxValue) // Which Mono would not see.
                throw new OutOfMemoryException("there are " + length + " bytes, and no array holds so many");
            var bytes = new byte[(int)length];
            if (bytes.Length > 0)
                Marshal.Copy(lent, bytes, 0, bytes.Length);
            return bytes;
        }
    }

    /// <summary>Times as the library has them: milliseconds, and -1 for "not said".</summary>
    internal static class Milliseconds
    {
        internal static TimeSpan? Read(long milliseconds)
        {
            return milliseconds < 0 ? (TimeSpan?)null : TimeSpan.FromMilliseconds(milliseconds);
        }

        /// <summary>A part of a millisecond counts as a whole one; the library itself clamps what is long.</summary>
        internal static uint Write(string name, TimeSpan time)
        {
            if (time < TimeSpan.Zero)
                throw MlabException.Refuse(name, "it is negative");
            var milliseconds = Math.Ceiling(time.TotalMilliseconds);
            return milliseconds >= uint.MaxValue ? uint.MaxValue : (uint)milliseconds;
        }
    }
}
