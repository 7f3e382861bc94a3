"""Builds the wheel and the sdist with the standard library: the hooks of PEP 517 that pip and build call in this folder."""

import base64
import hashlib
import io
import re
import tarfile
import zipfile
from pathlib import Path

_here = Path(__file__).resolve().parent
_project = dict(re.findall(r'^([a-z-]+) = "(.*)"$', (_here / "pyproject.toml").read_text(), re.MULTILINE))
_name = _project["name"].replace("-", "_") + "-" + _project["version"]
_metadata = f"""Metadata-Version: 2.1
Name: {_project["name"]}
Version: {_project["version"]}
Summary: {_project["description"]}
License: Apache-2.0
Requires-Python: {_project["requires-python"]}
Description-Content-Type: text/markdown

{(_here / "README.md").read_text(encoding="utf-8")}"""


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    info = f"{_name}.dist-info"
    files = {str(path.relative_to(_here / "src")): path.read_bytes() for path in _sources()}
    files[f"{info}/LICENSE"] = (_here / "LICENSE").read_bytes()
    files[f"{info}/METADATA"] = _metadata.encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: probity\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    wheel = f"{_name}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory, wheel), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # A fixed time, so that the same sources make the same bytes.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return wheel


def build_sdist(sdist_directory, config_settings=None):
    others = [_here / name for name in ("LICENSE", "README.md", "build_package.py", "pyproject.toml")]
    files = {str(path.relative_to(_here)): path.read_bytes() for path in [*others, *_sources()]}
    files["PKG-INFO"] = _metadata.encode()
    sdist = f"{_name}.tar.gz"
    with tarfile.open(Path(sdist_directory, sdist), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"{_name}/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return sdist


def _sources():
    return sorted(path for path in (_here / "src").rglob("*") if path.suffix == ".py" or path.name == "py.typed")


def _digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
