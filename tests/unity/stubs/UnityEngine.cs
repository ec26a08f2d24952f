// What the package uses of UnityEngine, for compiling it where there is no Unity. The player loop, textures and objects do
// as much as the tests need; each file here is our own, written after the published signatures.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace UnityEngine
{
    public class Object
    {
        public static int Destroyed;

        public static void Destroy(Object gone)
        {
            MainThread.Check();
            if (!Application.isPlaying)
                throw new UnityException("Destroy may not be called from edit mode");
            Destroyed++;
        }

        public static void DestroyImmediate(Object gone)
        {
            MainThread.Check();
            Destroyed++;
        }

        public static bool operator ==(Object one, Object other) { return ReferenceEquals(one, other); }
        public static bool operator !=(Object one, Object other) { return !ReferenceEquals(one, other); }
        public override bool Equals(object other) { return ReferenceEquals(this, other); }
        public override int GetHashCode() { return base.GetHashCode(); }
    }

    public class Component : Object
    {
        public T GetComponent<T>() where T : new() { return new T(); }
    }

    public class MonoBehaviour : Component
    {
        public static void print(object text) { }
    }

    public class Material : Object
    {
        public Texture mainTexture { get; set; }
    }

    public class Renderer : Component
    {
        public Material material { get; } = new Material();
    }

    public class Texture : Object
    {
    }

    public enum TextureFormat
    {
        RGBA32 = 4,
    }

    public class Texture2D : Texture
    {
        public static int Made;
        public readonly int width;
        public readonly int height;
        public byte[] Raw;
        public bool IsApplied;

        public Texture2D(int width, int height, TextureFormat format, bool mipChain)
        {
            MainThread.Check();
            this.width = width;
            this.height = height;
            Made++;
        }

        public void LoadRawTextureData(IntPtr data, int size)
        {
            MainThread.Check();
            if (size != width * height * 4)
                throw new UnityException("LoadRawTextureData: not enough data provided");
            Raw = new byte[size];
            Marshal.Copy(data, Raw, 0, size);
        }

        public void Apply(bool updateMipmaps, bool makeNoLongerReadable)
        {
            MainThread.Check();
            IsApplied = true;
        }
    }

    public static class SystemInfo
    {
        public static int maxTextureSize { get; set; } = 8192;
    }

    public class UnityException : Exception
    {
        public UnityException(string message) : base(message) { }
    }

    public static class Debug
    {
        public static readonly List<string> Warnings = new List<string>();

        public static bool isDebugBuild { get; set; }
        public static void Log(object message) { }
        public static void LogError(object message) { }
        public static void LogWarning(object message) { Warnings.Add("" + message); }
    }

    public static class Application
    {
        public static event Action quitting;

        public static bool isEditor { get; set; }
        public static bool isPlaying { get; set; }

        public static void Quit()
        {
            if (quitting != null)
                quitting();
        }

        public static bool IsQuittingHeard { get { return quitting != null; } }
    }

    [AttributeUsage(AttributeTargets.Field)]
    public sealed class SerializeField : Attribute
    {
    }

    public enum RuntimeInitializeLoadType
    {
        SubsystemRegistration = 4,
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class RuntimeInitializeOnLoadMethodAttribute : Attribute
    {
        public RuntimeInitializeLoadType LoadType { get; }

        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType) { LoadType = loadType; }
    }

    /// <summary>Unity refuses most calls from other threads.</summary>
    public static class MainThread
    {
        private static int id;

        public static void IsThisOne() { id = Thread.CurrentThread.ManagedThreadId; }

        public static void Check()
        {
            if (Thread.CurrentThread.ManagedThreadId != id)
                throw new UnityException("can only be called from the main thread");
        }
    }
}
