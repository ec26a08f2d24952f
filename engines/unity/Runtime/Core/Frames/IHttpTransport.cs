using System;

namespace Mlab
{
    /// <summary>Sends the requests of a <see cref="FrameClient"/>. Everything is called on the thread of its frames.</summary>
    public interface IHttpTransport : IDisposable
    {
        /// <summary>Begins an exchange, and returns at once. It is the transport's, which answers and disposes it.</summary>
        void Begin(Exchange exchange);

        /// <summary>Once a frame: takes on what has come.</summary>
        void Frame();
    }
}
