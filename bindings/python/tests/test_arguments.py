"""What is refused before anything is sent, and by which name."""

import os
import unittest
from unittest import mock

import mlab
from support import HTTP, KEY, client


class Arguments(unittest.TestCase):
    def setUp(self):
        self.client = client()
        self.addCleanup(self.client.close)

    def refused(self, name, call, *arguments, **options):
        with self.subTest(name, arguments=arguments, options=options):
            with self.assertRaises(mlab.ArgumentError) as caught:
                call(*arguments, **options)
            self.assertEqual(caught.exception.status, mlab.Status.INVALID_ARGUMENT)
            self.assertIsInstance(caught.exception, ValueError)
            self.assertTrue(caught.exception.message.startswith(name), caught.exception.message)

    def test_a_nul_inside_a_string_is_refused(self):
        self.refused("id holds a NUL", self.client.fetch, "12202888\0x")
        self.refused("id holds a NUL", self.client.wait, "12202888\0x")
        self.refused("url holds a NUL", self.client.download, "https://images.example/\0")
        self.refused("path holds a NUL", self.client.download, "https://images.example/", "a\0b")
        self.refused("download_dir holds a NUL", self.client.wait, "1", download_dir="a\0b")
        self.refused("key holds a NUL", mlab.Client, "a\0b")
        self.refused("endpoint holds a NUL", client, HTTP + "\0")

    def test_a_wrong_value_is_refused_by_its_name(self):
        for name in ("", "a/b", "..", -1, "é"):
            self.refused("id ", self.client.fetch, name)
            self.refused("id ", self.client.wait, name)
            self.refused("id ", self.client.submit, name)
        for name in (None, 1.5, True, b"12202888"):
            self.refused("id must be", self.client.fetch, name)
        self.refused("deadline", self.client.wait, "1", deadline="10")
        for wrong in (0, -1):
            self.refused(
                f"deadline must be a number of seconds greater than 0, not {wrong}",
                self.client.wait,
                "1",
                deadline=wrong,
            )
        self.refused("request_timeout must be a number of seconds greater than 0", client, request_timeout=0)
        self.refused("eta must be a number of seconds from 0", self.client.wait, "1", eta=-1)
        self.refused("deadline", self.client.wait, "1", deadline=float("nan"))
        self.refused("poll: min_ms", self.client.wait, "1", poll=(0.1, 1))
        for wrong in ("1", (1,), (1, 2, 3), object()):
            pair = "poll must be a number of seconds, or a pair (least, most), not "
            self.refused(pair, self.client.wait, "1", poll=wrong)
        self.refused("poll must be a number of seconds, not str", self.client.wait, "1", poll=(1, "2"))
        self.refused("tag must be from 0", self.client.submit, "1", tag=1 << 64)
        self.refused("cancel must be", self.client.fetch, "1", cancel=object())
        self.refused("workers", client, workers=0)
        self.refused("ca_pem", client, ca_pem="no certificate")
        self.refused("job:", self.client.cancel_job, 7)
        self.refused("requests_per_second is too large", client, requests_per_second=10**400)
        for wrong in (1, True, "BUNDLED", "sytem"):
            self.refused("roots must be 'bundled' or 'system', not ", client, roots=wrong)
        with self.assertRaises(TypeError):
            client(retry=1)

    def test_roots_are_the_systems_or_the_bundled_ones(self):
        for roots in ("bundled", "system", mlab.RootsKind.SYSTEM):
            client(roots=roots).close()

    def test_an_option_of_another_call_is_none_of_this_one(self):
        for call, name in (("wait", "tag"), ("wait", "image_events"), ("submit", "progress"), ("wait", "eat")):
            with self.subTest(call, name=name), self.assertRaisesRegex(TypeError, name):
                getattr(self.client, call)("12202888", **{name: 1})
        self.assertEqual(self.client.pending, 0)

    def test_times_beyond_a_day_count_as_a_day(self):
        self.assertTrue(self.client.wait("12202888", deadline=float("inf"), eta=10**12).ready)

    def test_the_key_comes_from_the_environment_where_none_is_given(self):
        with mock.patch.dict(os.environ, {}, clear=False):
            os.environ.pop("MODELSLAB_API_KEY", None)
            os.environ.pop("API_KEY", None)
            self.refused("key: none was given", mlab.Client)
            os.environ["API_KEY"] = KEY
            with mlab.Client(endpoint=HTTP) as own:
                self.assertTrue(own.fetch("12202888").ready)
            # MODELSLAB_API_KEY goes before it.
            os.environ["MODELSLAB_API_KEY"], os.environ["API_KEY"] = KEY, "another-key-not-real"
            with mlab.Client(endpoint=HTTP) as own:
                self.assertTrue(own.fetch("12202888").ready)

    def test_a_closed_client_says_so(self):
        self.client.close()
        self.client.close()
        for call in (self.client.fetch, self.client.wait, self.client.submit):
            with self.assertRaises(mlab.ClosedError):
                call("12202888")


if __name__ == "__main__":
    unittest.main()
