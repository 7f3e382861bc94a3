import importlib.util
import os
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

from .support import CollectorTest

HERE = Path(__file__).resolve().parent.parent


@unittest.skipIf(importlib.util.find_spec("pip") is None, "pip is not installed")
class Package(CollectorTest):
    """The package is built, installed by pip without a network, and used."""

    def test_the_quick_start_of_mintaro_works_but_for_the_name(self):
        with tempfile.TemporaryDirectory() as folder:
            # 1. pip install, which makes a wheel of the sdist.
            env = install(unpacked_sdist(folder), Path(folder, "site"))
            self.assertEqual(modules(Path(folder, "site/probity")), modules(HERE / "src/probity"))
            # 2. service.mm is next to this file, and the collector has read it. 3. Get an authentication token.
            printed = run(["-m", "probity", "get_token"], env)
            self.assertRegex(printed, r"^token=[\w-]{20,}\n$")
            # 4. Wrap each of your methods.
            run(["-c", "import probity\n@probity.wrap\ndef makePayment(foo): return foo\nmakePayment('bar')"], env)
        self.assert_counted("makePayment", ok=1)


def unpacked_sdist(folder):
    program = "import sys, build_package; build_package.build_sdist(sys.argv[1])"
    subprocess.run([sys.executable, "-c", program, folder], cwd=HERE, check=True)
    (sdist,) = Path(folder).glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder)
    return Path(folder, sdist.name[: -len(".tar.gz")])


def install(source, site):
    pip = ["-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-compile", "--target", str(site), str(source)]
    run(pip, {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    return {**os.environ, "PYTHONPATH": str(site)}


def run(args, env):
    done = subprocess.run([sys.executable, *args], env=env, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return done.stdout


def modules(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in (".py", ".typed"))


if __name__ == "__main__":
    unittest.main()
