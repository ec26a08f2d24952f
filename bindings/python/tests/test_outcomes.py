"""What a call comes back with."""

import asyncio
import pickle
import tempfile
import unittest
from pathlib import Path

import mlab
from support import BINARY, KEY, UNREACHABLE, UTF8, async_client, client, ids


class Outcomes(unittest.TestCase):
    def setUp(self):
        self.client = client()
        self.addCleanup(self.client.close)

    def test_a_ready_job_gives_its_urls(self):
        result = self.client.fetch("12202888")
        self.assertTrue(result.ready)
        self.assertEqual(result.status, mlab.Status.OK)
        self.assertEqual(len(result.urls), 4)
        self.assertTrue(all(url.startswith("http://127.0.0.1:") for url in result.urls))
        self.assertIs(result.output, result.urls)
        self.assertEqual((result.id, result.http_status, result.attempts), ("12202888", 200, 1))
        self.assertEqual((result.eta, result.retry_after, result.retryable, result.images), (None, None, False, []))
        self.assertIn(b'"status":"success"', result.body)

    def test_a_job_that_is_not_ready_is_no_error(self):
        result = self.client.fetch("never-1")
        self.assertFalse(result.ready)
        self.assertEqual((result.status, result.urls), (mlab.Status.PROCESSING, []))

    def test_wait_waits(self):
        told = []
        (name,) = ids("wait", 1)
        result = self.client.wait(name, poll=(1, 2), progress=lambda *now: told.append(now))
        self.assertTrue(result.ready)
        self.assertEqual([polls for polls, *_ in told], [1])
        polls, elapsed, eta, next_poll = told[0]
        self.assertIsNone(eta)
        self.assertGreater(next_poll, elapsed)

    def test_every_failure_is_an_exception_of_its_group(self):
        rows = [
            ("fail-1", mlab.JobFailed, mlab.JobError, mlab.Status.JOB_FAILED),
            ("missing-1", mlab.NotFound, mlab.JobError, mlab.Status.NOT_FOUND),
            ("auth-1", mlab.AuthError, mlab.AccountError, mlab.Status.AUTH),
            ("credit-1", mlab.AccountError, mlab.AccountError, mlab.Status.PAYMENT),
            ("busy-1", mlab.NetworkError, mlab.NetworkError, mlab.Status.SERVER),
        ]
        with self.assertRaises(mlab.JobFailed):  # Its first poll finds it at work still.
            self.client.wait("fail-1", poll=1)
        for name, kind, group, status in rows:
            with self.subTest(name), self.assertRaises(kind) as caught:
                self.client.fetch(name)
            error = caught.exception
            self.assertIsInstance(error, group)
            self.assertEqual((error.status, error.result.status), (status, status))
            self.assertTrue(str(error).startswith(f"MLAB_E_{status.name}: "), error)
            self.assertEqual(error.message, error.result.message)

    def test_rate_limited_says_how_long_to_wait(self):
        with self.assertRaises(mlab.RateLimitError) as caught:
            self.client.fetch("rate-1")
        self.assertEqual((caught.exception.retry_after, caught.exception.retryable), (3.0, True))
        self.assertEqual(caught.exception.result.http_status, 429)

    def test_an_unreachable_server_is_a_network_error(self):
        with client(UNREACHABLE) as nowhere, self.assertRaises(mlab.NetworkError) as caught:
            nowhere.fetch("1")
        self.assertEqual(caught.exception.status, mlab.Status.CONNECT)
        self.assertTrue(caught.exception.retryable)

    def test_a_deadline_is_a_timeout_error_with_the_last_thing_known(self):
        with self.assertRaises(TimeoutError) as caught:
            self.client.wait("never-1", deadline=0.2)
        self.assertIsInstance(caught.exception, mlab.DeadlineError)
        self.assertEqual(caught.exception.result.attempts, 1)

    def test_an_id_of_64_bits_stays_whole(self):
        for name in ("18446744073709551615", 18446744073709551615):
            self.assertEqual(self.client.fetch(name).id, "18446744073709551615")

    def test_text_is_utf_8_both_ways(self):
        with client(UTF8) as other:
            result = other.fetch("1")
        self.assertEqual(result.urls, ["https://images.example/é/😀"])
        self.assertEqual(result.message, "fertig: 日本")
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "bücher-日本"
            place.mkdir()
            path = self.client.wait("12202888", download_dir=place).images[0].path
            self.assertEqual(Path(path).parent, place)
            self.assertTrue(Path(path).exists())

    def test_parse_rules_on_a_reply(self):
        body = '{"status":"success","id":7,"output":["https://images.example/7.png"]}'
        self.assertEqual(mlab.parse(body).urls, mlab.parse(body.encode(), 200).urls)
        with self.assertRaises(mlab.AuthError):
            mlab.parse(b"{}", 401)

    def test_a_body_is_bytes_whatever_is_in_it(self):
        body = b"\0a\0\xffb\0"

        async def wait():
            async with async_client(BINARY) as other:
                await other.wait("1")

        with client(BINARY) as other:
            for call in (
                lambda: other.fetch("1"),
                lambda: other.wait("1"),
                lambda: asyncio.run(wait()),
                lambda: mlab.parse(body, 401),
            ):
                with self.assertRaises(mlab.AuthError) as caught:
                    call()
                self.assertEqual(caught.exception.result.body, body)

    def test_results_and_errors_can_be_pickled(self):
        result = self.client.fetch("12202888")
        copy = pickle.loads(pickle.dumps(result))
        self.assertEqual((copy.urls, copy.body), (result.urls, result.body))
        with self.assertRaises(mlab.JobFailed) as caught:
            self.client.wait("fail-1", poll=1)
        error = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual((type(error), str(error)), (mlab.JobFailed, str(caught.exception)))

    def test_the_key_is_nowhere_to_be_seen(self):
        result = self.client.fetch("12202888")
        self.assertNotIn(KEY, repr(self.client) + repr(vars(self.client)) + repr(result))

    def test_the_log_is_told(self):
        told = []
        with client(log=lambda *entry: told.append(entry), log_level=mlab.LogLevel.INFO) as logging:
            logging.fetch("12202888")
        self.assertTrue(any(area == "poll" for _, area, _ in told), told)

    def test_the_version_is_that_of_the_library(self):
        self.assertEqual(mlab.version(), "0.1.0")


class Images(unittest.TestCase):
    def setUp(self):
        self.client = client()
        self.addCleanup(self.client.close)

    def test_images_come_into_memory(self):
        images = self.client.wait("12202888", download_memory=1 << 20).images
        self.assertEqual([i.type for i in images], ["image/png", "image/jpeg", "image/webp", "image/gif"])
        self.assertTrue(images[0].data.startswith(b"\x89PNG\r\n\x1a\n"))
        self.assertEqual((images[1].width, images[1].height, images[1].path), (64, 48, None))

    def test_images_come_into_files(self):
        memory = self.client.wait("12202888", download_memory=1 << 20)
        with tempfile.TemporaryDirectory() as folder:
            files = self.client.wait("12202888", download_dir=folder)
            for held, written in zip(memory.images, files.images):
                self.assertIsNone(written.data)
                self.assertEqual(Path(written.path).read_bytes(), held.data)
            (one,) = self.client.download(files.urls[0], Path(folder) / "one.png").images
            self.assertEqual(Path(one.path).read_bytes(), memory.images[0].data)
            self.assertEqual(self.client.download(files.urls[0]).images[0].data, memory.images[0].data)

    def test_a_download_that_may_not_be_is_an_image_error(self):
        with self.assertRaises(mlab.ImageError) as caught:
            self.client.download("https://10.0.0.1/image.png")
        self.assertEqual(caught.exception.status, mlab.Status.UNSAFE_URL)


if __name__ == "__main__":
    unittest.main()
