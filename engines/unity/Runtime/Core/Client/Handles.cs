using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Mlab
{
    /// <summary>A client of the library. It is freed when the last call that holds it has left.</summary>
    internal sealed class ClientHandle : SafeHandle
    {
        internal ClientHandle(IntPtr client)
            : base(IntPtr.Zero, true)
        {
            SetHandle(client);
        }

        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }

        protected override bool ReleaseHandle()
        {
            MlabNative.mlab_client_free(handle);
            return true;
        }

        /// <summary>Keeps the client for a call, until disposed. Throws once the client was disposed.</summary>
        internal Held Hold()
        {
            var held = false;
            DangerousAddRef(ref held);
            return new Held(this);
        }

        internal struct Held : IDisposable
        {
            private readonly ClientHandle client;

            internal Held(ClientHandle client) { this.client = client; }

            internal IntPtr Pointer { get { return client.DangerousGetHandle(); } }

            public void Dispose() { client.DangerousRelease(); }
        }
    }

    /// <summary>Ends a blocking call when a token is cancelled. For one call, on the thread that makes it.</summary>
    internal sealed class Cancel : IDisposable
    {
        private readonly CancellationTokenRegistration registration;

        /// <summary>NULL for a token that cannot be cancelled.</summary>
        internal IntPtr Pointer { get; }

        internal Cancel(CancellationToken token)
        {
            if (!token.CanBeCanceled)
                return;
            Pointer = MlabNative.mlab_cancel_new();
            var pointer = Pointer;
            registration = token.Register(() => MlabNative.mlab_cancel_trigger(pointer));
        }

        public void Dispose()
        {
            registration.Dispose(); // Waits for a trigger that runs, so that none comes after the free.
            MlabNative.mlab_cancel_free(Pointer);
        }
    }
}
