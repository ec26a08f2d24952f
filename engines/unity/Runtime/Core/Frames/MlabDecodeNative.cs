// Written by `cargo run -p mlab-bindings` from decode/include/mlab_decode.h: do not edit.
using System;
using System.Runtime.InteropServices;

namespace Mlab
{
    /// <summary>mlab_decode_statuses of mlab_decode.h. Later versions may have more.</summary>
    public enum DecodeStatus
    {
        /// <summary>Done: the image has its pixels.</summary>
        Ok = 0,
        /// <summary>An argument is wrong: the message names it.</summary>
        InvalidArgument = -1,
        /// <summary>There is not enough memory for this image: free some, then try again.</summary>
        NoResources = -7,
        /// <summary>A defect in this library: please report it with the message.</summary>
        Internal = -8,
        /// <summary>The image has more pixels than max_pixels: raise it if this size is expected.</summary>
        TooLarge = -27,
        /// <summary>The bytes are no whole image: they are cut or damaged; fetch them again.</summary>
        BadImage = -62,
        /// <summary>The bytes are in no format, or no variant of one, that this library reads: convert the image.</summary>
        Unsupported = -80,
    }

    /// <summary>mlab_decode_kinds of mlab_decode.h. Later versions may have more.</summary>
    public enum DecodeKind
    {
        /// <summary>None that this library knows.</summary>
        Unknown = 0,
        /// <summary>PNG; of an APNG the image that is shown where animation is not.</summary>
        Png = 1,
        /// <summary>JPEG: baseline and progressive, of 8 bits a sample.</summary>
        Jpeg = 2,
        /// <summary>WebP: lossy and lossless, with and without alpha; of an animation the first frame.</summary>
        Webp = 3,
        /// <summary>GIF: the first frame.</summary>
        Gif = 4,
    }

    /// <summary>The functions of mlab_decode.h. Nothing but blittable types crosses; strings are addresses of UTF-8.</summary>
    internal static class MlabDecodeNative
    {
#if UNITY_IOS && !UNITY_EDITOR
        internal const string Library = "__Internal";
#else
        internal const string Library = "mlab_decode";
#endif

        internal const string MLAB_DECODE_VERSION = "0.1.0";
        internal const int MLAB_DECODE_VERSION_NUMBER = 256;
        internal const int MLAB_DECODE_ABI_VERSION = 0;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_decode_rgba8(IntPtr bytes, UIntPtr len, ulong max_pixels, out IntPtr @out);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern void mlab_decode_image_free(IntPtr image);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_decode_image_status(IntPtr image);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_decode_image_message(IntPtr image);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern int mlab_decode_image_kind(IntPtr image);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint mlab_decode_image_width(IntPtr image);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint mlab_decode_image_height(IntPtr image);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern UIntPtr mlab_decode_image_stride(IntPtr image);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_decode_image_pixels(IntPtr image, out UIntPtr len);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_decode_kind_name(int kind);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_decode_status_name(int status);
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr mlab_decode_version();
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint mlab_decode_version_number();
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint mlab_decode_abi_version();
    }
}
