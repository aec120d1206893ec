#!/bin/sh
# Starts (or goes on with) the training in the background at the lowest priority.
cd "$(dirname "$0")"
# Waiting threads must sleep: on a shared machine spinning costs more than it saves.
export OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0
setsid nohup nice -n 19 venv/bin/python -u train.py --resume "$@" >> run/train.log 2>&1 < /dev/null &
echo $! > run/pid
