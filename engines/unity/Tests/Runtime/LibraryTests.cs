using System;
using NUnit.Framework;

namespace Mlab.Tests
{
    /// <summary>For Unity's test runner: that this platform finds both libraries, and they are of the right kind.</summary>
    internal sealed class LibraryTests
    {
        [Test]
        public void TheLibraryIsFound()
        {
            Assert.AreEqual(3, Client.LibraryVersion.Split('.').Length);
            var result = Result.Parse(System.Text.Encoding.UTF8.GetBytes("{\"status\":\"failed\"}"));
            Assert.AreEqual(Status.JobFailed, result.Status);
        }

        [Test]
        public void TheDecoderIsFound()
        {
            // A GIF of one pixel.
            var image = Convert.FromBase64String("R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=");
            using (var pixels = Pixels.Decode(image))
                Assert.AreEqual(4, pixels.Length);
        }

        [Test]
        public void AClientIsMadeAndDisposed()
        {
            var options = new ClientOptions { Endpoint = "http://127.0.0.1:9/fetch/{id}" };
            using (var client = new MlabClient("test-key-not-real", options))
                Assert.AreEqual(0, client.Pending);
        }
    }
}
