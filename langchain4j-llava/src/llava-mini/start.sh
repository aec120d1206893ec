#!/bin/sh
# Starts the training in the background; it should have the machine for itself.
cd "$(dirname "$0")"
mkdir -p run
setsid nohup nice -n "${NICE:-0}" "${PYTHON:-venv/bin/python}" -u train.py "$@" >> run/train.log 2>&1 < /dev/null &
echo $! > run/pid
