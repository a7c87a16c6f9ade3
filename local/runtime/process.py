"""FunctionConfig -> a running function process and the lines that it prints."""

import subprocess
from collections.abc import Callable, Mapping
from threading import Thread

from local.runtime.file_system import Place
from local.surroundings import NO_AWS_FILES
from local.template.local_app import FunctionConfig

_LOOPBACK = ("127.0.0.1", "localhost")


def start_process(
    function: FunctionConfig, place: Place, runtime_api_address: str
) -> subprocess.Popen[bytes]:
    """Start a function's process; it exits by itself when its standard input closes.

    It gets the environment that Lambda would give it and nothing of this user's own.
    """
    return subprocess.Popen(  # noqa: S603 - our own interpreter and file; no shell
        place.command,
        cwd=function.code_folder,
        env=_environment(function, place, runtime_api_address),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # Ctrl-C reaches the whole terminal group; only we decide when a function stops.
        start_new_session=True,
    )


def _environment(
    function: FunctionConfig, place: Place, runtime_api_address: str
) -> dict[str, str]:
    region = function.arn.split(":")[3]
    temporary = {} if place.tmp is None else {"TMPDIR": str(place.tmp)}
    return {
        **temporary,
        # These three are Lambda's, and a function's own count before them.
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        **function.environment,
        **_without_proxy_for_loopback(function.environment),
        # The home of this user is not the function's.
        **NO_AWS_FILES,
        # Placeholders: with these set, no library goes looking for this user's credentials. Who
        # signs a call by the first one is who made it.
        "AWS_ACCESS_KEY_ID": function.label,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": function.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_LEVEL": function.log_level,
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_LAMBDA_RUNTIME_API": runtime_api_address,
        "AWS_REGION": region,
        "LAMBDA_RUNTIME_DIR": place.runtime_folder,
        "LAMBDA_TASK_ROOT": place.task_root,
        "_HANDLER": function.handler,
    }


def _without_proxy_for_loopback(environment: Mapping[str, str]) -> dict[str, str]:
    """Add this machine to `NO_PROXY`: there the function calls what stands in for AWS.

    Libraries read either case of the name, the lower one first.
    """
    named = [name for name in ("no_proxy", "NO_PROXY") if environment.get(name)]
    return {
        name: ",".join([*filter(None, [environment.get(name)]), *_LOOPBACK])
        for name in named or ("NO_PROXY",)
    }


def read_lines(process: subprocess.Popen[bytes], on_line: Callable[[str], None]) -> Thread:
    """Call `on_line` for each line that the process prints, from a thread that ends with it."""

    def read() -> None:
        if process.stdout is None:
            return
        with process.stdout as stream:
            for raw in stream:
                # The runtime client writes a traceback as one line, with carriage returns in it.
                on_line(raw.decode("utf-8", "replace").rstrip("\r\n").replace("\r", "\n"))

    thread = Thread(target=read, daemon=True)
    thread.start()
    return thread
