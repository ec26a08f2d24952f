using System;
using System.Collections.Generic;

namespace Mlab
{
    /// <summary>
    /// Sends the requests of a client by UnityWebRequest, where the library must open no socket: its proxy, certificates
    /// and platform rules are then Unity's. Exchanges are pulled and polled in frames, so that nothing calls back.
    /// </summary>
    public sealed class WebRequestTransport : IHttpTransport
    {
        private readonly List<WebExchange> open = new List<WebExchange>();

        /// <summary>Begins an exchange.</summary>
        public void Begin(Exchange exchange)
        {
            var begun = new WebExchange(exchange);
            open.Add(begun);
            begun.Send();
        }

        /// <summary>Ends the exchanges that have ended, or that nobody waits for any more.</summary>
        public void Frame()
        {
            open.RemoveAll(exchange => exchange.HasEnded());
        }

        /// <summary>Aborts what is under way.</summary>
        public void Dispose()
        {
            foreach (var exchange in open)
                exchange.Dispose();
            open.Clear();
        }
    }
}
