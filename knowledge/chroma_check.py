"""The child process that opens an index folder first, under limits, and tells its parent what it found."""

from __future__ import annotations

import json
import os
import resource
import sys
from contextlib import suppress


def main() -> None:
    """Read a task from standard input, survey the folder, print the survey; status 1 if the index is broken."""
    task = json.load(sys.stdin)
    # Threads reserve memory that they never use, and it counts.
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "TOKIO_WORKER_THREADS": "2", "RAYON_NUM_THREADS": "1"}
    limits = {resource.RLIMIT_FSIZE: task["file"], resource.RLIMIT_AS: task["memory"], resource.RLIMIT_CORE: 0}
    for kind, limit in limits.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))
    from pathlib import Path

    import numpy as np

    from knowledge.chroma import ChromaFailure, Collections

    try:
        collections = Collections.embedded(Path(task["folder"]), task["prefix"])
        survey = collections.survey(np.array(task["probe"], np.float32))
        collections.close()
    except ChromaFailure as error:
        sys.exit(str(error))
    json.dump(survey, sys.stdout)
