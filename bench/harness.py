"""What the measuring scripts share: starting servers, a small HTTP client, figures, results.

Standard library only. Everything listens on loopback, every wait has an end, and only what was started here is ended.
"""

import contextlib
import datetime
import json
import os
import pathlib
import platform
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
# As `make build` has it.
RELEASE_BUILD = ["swift", "build", "-c", "release", "--static-swift-stdlib"]
# Another build can be measured by naming it.
API = pathlib.Path(os.environ.get("GATEHOUSE_API") or ROOT / ".build" / "release" / "gatehouse-api")
WEB = pathlib.Path(os.environ.get("GATEHOUSE_WEB") or API.with_name("gatehouse-web"))
REQUEST = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Failure(Exception):
    """A measurement that could not be taken, with a sentence for the reader."""


def free_port():
    """A port that was free a moment ago, from the range the kernel hands out."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def raise_descriptor_limit():
    """Ten thousand connections need as many descriptors, here and in the server, which inherits the limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


@contextlib.contextmanager
def on_processor(index):
    """Keeps us, and for ever what we start meanwhile, on one of the processors."""
    processors = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {processors[index]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, processors)


class Server:
    """A program under measurement. Use it with `with`; it is gone at the end, whatever happened."""

    def __init__(self, name, command, port, environment=None):
        self.name, self.port = name, port
        # An empty folder, so that no .env of a developer takes part.
        self.folder = tempfile.mkdtemp(prefix="gatehouse-bench-")
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        self.log = open(os.path.join(self.folder, "output.log"), "wb")
        self.process = subprocess.Popen(
            command, env=kept | (environment or {}), cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=subprocess.STDOUT)

    def __enter__(self):
        try:
            self.wait_until_it_answers()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def wait_until_it_answers(self):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Failure(f"{self.name} ended with {self.process.returncode}: {self.output()}")
            try:
                with Connection(self.port) as connection:
                    connection.get()
                return
            except ConnectionRefusedError:
                time.sleep(0.01)
        raise Failure(f"{self.name} did not answer within 10 s: {self.output()}")

    def __exit__(self, failure, *_):
        was_killed = False
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                was_killed = True
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        # Whatever was measured of it: a program that SIGTERM does not end is not as it should be.
        if was_killed and failure is None:
            raise Failure(f"{self.name} did not end within 10 s of SIGTERM")

    def output(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(errors="replace")[-2000:].strip() or "(it printed nothing)"

    def resident_kib(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise Failure(f"{self.name} is gone: {self.output()}")

    def sockets(self):
        """How many sockets the process holds: what it has not closed, whatever the peers think."""
        count = 0
        folder = f"/proc/{self.process.pid}/fd"
        for number in os.listdir(folder):
            with contextlib.suppress(OSError):
                count += os.readlink(f"{folder}/{number}").startswith("socket:")
        return count


def gatehouse_api(**variables):
    """gatehouse-api as released, on a free port, telling only warnings."""
    if not API.exists():
        raise Failure(f"{API} is missing: run `make build` first")
    port = free_port()
    environment = {"LOG_LEVEL": "warning", "API_LISTEN": f"127.0.0.1:{port}",
                   "MIGRATIONS_PATH": str(ROOT / "init")} | variables
    return Server("gatehouse-api", [str(API)], port, environment)


class Connection:
    """One keep-alive connection that asks and reads in turn."""

    def __init__(self, port, source=None, timeout=10):
        self.socket = socket.socket()
        self.socket.settimeout(timeout)
        if source:
            # The port is then chosen at connect, where one may serve several source addresses.
            self.socket.setsockopt(socket.IPPROTO_IP, getattr(socket, "IP_BIND_ADDRESS_NO_PORT", 24), 1)
            self.socket.bind((source, 0))
        try:
            self.socket.connect(("127.0.0.1", port))
        except BaseException:
            self.socket.close()
            raise
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def get(self, request=REQUEST):
        """Sends a request and reads its whole answer. Anything but a full answer is a ConnectionError."""
        self.socket.sendall(request)
        return self.read_answer()

    def read_answer(self):
        """(status, head, body) of one answer that says its length."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.receive(data)
        head, body = data.split(b"\r\n\r\n", 1)
        length = content_length(head)
        while len(body) < length:
            body += self.receive(data)
        return int(head[9:12]), head, body

    def receive(self, so_far):
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("ended inside an answer" if so_far else "ended without an answer")
        return piece


def content_length(head):
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ConnectionError("an answer without Content-Length")


def says_close(head):
    return any(
        name.lower() == b"connection" and b"close" in value.lower()
        for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:]))


def sequential_latency(port, count, timeout=10):
    """Milliseconds of `count` requests, one after the other, on one connection."""
    times = []
    with Connection(port, timeout=timeout) as connection:
        for _ in range(200):
            connection.get()
        for _ in range(count):
            started = time.perf_counter()
            status, _, _ = connection.get()
            times.append((time.perf_counter() - started) * 1000)
            if status != 200:
                raise Failure(f"status {status} instead of 200")
    return times


def run_wrk(name, command, seconds):
    """One run of wrk: requests per second and latency. An answer that is no 2xx, or a broken socket, ends it all."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, check=False)
    text = done.stdout + done.stderr
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    if done.returncode != 0 or not rate or float(rate[1]) == 0:
        raise Failure(f"wrk could not measure {name}: {text.strip()}")
    for trouble in ("Non-2xx or 3xx responses", "Socket errors"):
        if trouble in text:
            raise Failure(f"{name} did not answer everything well: {text.strip()}")
    units = {"us": 0.001, "ms": 1, "s": 1000}
    latency = {share: float(number) * units[unit]
               for share, number, unit in re.findall(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s)\s*$", text, re.MULTILINE)}
    requests = int(re.search(r"(\d+) requests in", text)[1])
    return {"requests": requests, "requests_per_second": float(rate[1]),
            "p50_ms": latency.get("50"), "p99_ms": latency.get("99")}


def build_counter(name, folder):
    """A library to be preloaded, made of bench/NAME.c."""
    source = pathlib.Path(__file__).parent / f"{name}.c"
    library = pathlib.Path(folder) / f"{name}.so"
    # The Swift toolchain brings clang; a system compiler serves as well.
    compiler = shutil.which(os.environ.get("CC") or "clang") or shutil.which("cc")
    if not compiler:
        raise Failure("no C compiler: neither clang, which comes with Swift, nor cc is in PATH")
    subprocess.run([compiler, "-O2", "-fno-builtin", "-shared", "-fPIC", "-o", library, source], check=True, timeout=60)
    return library


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def first_line(*command):
    """What a program says of its version, on either stream: some answer a failure with it."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
        return next((line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()), "?")
    except (OSError, subprocess.TimeoutExpired):
        return "?"


class StolenTime:
    """How much of all processors the host has taken away since this was made, in percent: what a virtual machine is told of that."""

    def __init__(self):
        self.before = self.look()

    @staticmethod
    def look():
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [int(field) for field in file.readline().split()[1:9]]
        return ticks[7], sum(ticks)

    def percent(self):
        (stolen_before, all_before), (stolen, all_now) = self.before, self.look()
        return (stolen - stolen_before) / max(1, all_now - all_before) * 100


def machine():
    """Where and when: a figure without them says nothing."""
    model = "unknown processor"
    memory = 0
    with contextlib.suppress(OSError):
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
        memory = int(pathlib.Path("/proc/meminfo").read_text().split()[1]) // 1024
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_mib": memory,
        "kernel": platform.release(),
        "commit": first_line("git", "-C", str(ROOT), "describe", "--always", "--dirty"),
        "swift": first_line("swift", "--version"),
    }


def machine_lines(where):
    return (
        f"{where['date']} · {where['cores']} × {where['processor']}, {where['memory_mib']} MiB · "
        f"Linux {where['kernel']} · {where['swift']} · commit {where['commit']}")


def verdict(good):
    return "met" if good else "**not met**"


def write_results(name, figures, markdown):
    """bench/results/NAME.json for programs, NAME.md for people. The text is printed, too."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    (RESULTS / f"{name}.md").write_text(markdown.rstrip() + "\n")
    print(markdown.rstrip(), flush=True)


def run(main):
    """Runs a script's main: its answer is the exit status, a Failure one line, an interrupt no traceback."""
    # SIGTERM unwinds like an exception, so that every `with` ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"{pathlib.Path(sys.argv[0]).name}: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
