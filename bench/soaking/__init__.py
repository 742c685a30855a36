"""What `make soak` is made of: faults of every kind, and what has to be there after each of them."""

import os

# before anything starts threads: such a process cannot be forked safely
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_threads] = "1"
