"""How gunicorn serves both programs: four workers with a few threads each, which keep connections alive.

The threads are what lets a worker of gunicorn keep a connection: plain ones close it after each answer, and bear less here.
"""

import os

bind = os.environ["LISTEN"]
workers = 4
worker_class = "gthread"
threads = 4
keepalive = 75
backlog = 4096
worker_connections = 4096
# In memory: a disk that is busy must not make a worker look dead.
worker_tmp_dir = "/dev/shm"
loglevel = "warning"
