"""How the wheel is called. What is in it, the other tests use."""

import os
import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.append(str(Path(__file__).parent.parent / "build_backend"))
import mlab_build  # noqa: E402


class Platform(unittest.TestCase):
    def test_on_macos_it_is_that_of_the_library_and_not_of_python(self):
        rows = [
            ("arm64", "", "macosx_11_0_arm64"),
            ("x86_64", "", "macosx_10_12_x86_64"),
            ("x86_64", "10.15", "macosx_10_15_x86_64"),
            ("arm64", "12.3", "macosx_12_0_arm64"),
            ("arm64", "13", "macosx_13_0_arm64"),
        ]
        for machine, oldest, wanted in rows:
            with (
                self.subTest(machine, oldest=oldest),
                mock.patch.object(sys, "platform", "darwin"),
                mock.patch("platform.machine", return_value=machine),
                mock.patch.dict(os.environ, {"MACOSX_DEPLOYMENT_TARGET": oldest, "MLAB_WHEEL_PLATFORM": ""}),
            ):
                self.assertEqual(mlab_build._platform(), wanted)

    def test_one_that_is_named_is_taken(self):
        with mock.patch.dict(os.environ, {"MLAB_WHEEL_PLATFORM": "manylinux2014_x86_64"}):
            self.assertEqual(mlab_build._platform(), "manylinux2014_x86_64")


if __name__ == "__main__":
    unittest.main()
