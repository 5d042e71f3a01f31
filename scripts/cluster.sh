#!/usr/bin/env bash
# Starts a Redis server and three workers on this machine, to try a cluster: scripts/cluster.sh [FOLDER]. Ctrl+C ends all of them; each run is saved.
# Then, in another terminal: mbpo study run STUDY --cluster --redis localhost:PORT --store FOLDER/store
# The variables PORT (6390), WORKERS (3) and SLOTS (1) change what is started.
# MBPO names the tool where it is not on the path, and MBPOML_REDIS_SERVER the server.
set -euo pipefail

folder=$(realpath -m "${1:-cluster}")
port=${PORT:-6390}
read -ra mbpo <<<"${MBPO:-mbpo}"
redis=${MBPOML_REDIS_SERVER:-redis-server}

command -v "$redis" >/dev/null || {
  echo "cluster.sh: $redis is missing. Debian and Ubuntu: sudo apt-get install redis-server" >&2
  exit 1
}
mkdir -p "$folder/redis" "$folder/store"
pids=()

# The workers first: what they still have to say goes to the server. By SIGTERM: a shell starts programs in the background so that they ignore SIGINT.
finish() {
  trap - EXIT INT TERM
  for pid in "${pids[@]:1}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]:1}"; do wait "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]:0:1}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap finish EXIT
trap 'exit 130' INT TERM

# Each in a session of its own, so that Ctrl+C reaches them in this order.
setsid "$redis" --port "$port" --bind 127.0.0.1 --dir "$folder/redis" --appendonly yes --appendfsync always --save '' --loglevel warning &
pids+=($!)
for number in $(seq "${WORKERS:-3}"); do
  setsid "${mbpo[@]}" cluster worker --redis "localhost:$port" --store "$folder/store" --slots "${SLOTS:-1}" >"$folder/worker-$number.log" 2>&1 &
  pids+=($!)
done
echo "A server at localhost:$port and ${WORKERS:-3} workers; what they say is in $folder/worker-*.log. Give them a study:"
echo "  mbpo study run STUDY --cluster --redis localhost:$port --store $folder/store"
wait -n || true
echo "cluster.sh: one of them ended; see $folder." >&2
exit 1
