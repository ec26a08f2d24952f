using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Mlab
{
    /// <summary>An object of the library. It is freed when the last call that holds it has left.</summary>
    internal abstract class ObjectHandle : SafeHandle
    {
        protected ObjectHandle(IntPtr owned)
            : base(IntPtr.Zero, true)
        {
            SetHandle(owned);
        }

        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }

        /// <summary>Keeps the object for a call, until disposed. Throws once the object was disposed.</summary>
        internal Held Hold()
        {
            var held = false;
            DangerousAddRef(ref held);
            return new Held(this);
        }

        internal struct Held : IDisposable
        {
            private readonly ObjectHandle owner;

            internal Held(ObjectHandle owner) { this.owner = owner; }

            internal IntPtr Pointer { get { return owner.DangerousGetHandle(); } }

            public void Dispose() { owner.DangerousRelease(); }
        }
    }

    internal sealed class ClientHandle : ObjectHandle
    {
        internal ClientHandle(IntPtr client) : base(client) { }

        protected override bool ReleaseHandle()
        {
            MlabNative.mlab_client_free(handle);
            return true;
        }
    }

    internal sealed class ExchangeHandle : ObjectHandle
    {
        internal ExchangeHandle(IntPtr exchange) : base(exchange) { }

        protected override bool ReleaseHandle()
        {
            MlabNative.mlab_exchange_free(handle);
            return true;
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
