// The stand-in's pictures, as they have to come out.
using System;
using System.IO;
using System.Linq;
using static Harness;

internal static class Pictures
{
    /// <summary>What a picture of the stand-in shows, as a texture has it.</summary>
    internal static byte[] Expected(string name)
    {
        var rgb = File.ReadAllBytes(Path.Combine(Setting("MLAB_TEST_IMAGES"), name + ".rgb"));
        var rgba = new byte[64 * 48 * 4];
        for (var y = 0; y < 48; y++)
            for (var x = 0; x < 64; x++)
            {
                Array.Copy(rgb, ((47 - y) * 64 + x) * 3, rgba, (y * 64 + x) * 4, 3);
                rgba[(y * 64 + x) * 4 + 3] = 255;
            }
        return rgba;
    }

    /// <summary>How far two images are apart, a byte on average.</summary>
    internal static double Distance(byte[] one, byte[] other)
    {
        Same(one.Length, other.Length);
        return one.Zip(other, (a, b) => Math.Abs(a - b)).Average();
    }
}
