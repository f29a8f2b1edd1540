# What the commands for the containers share. Sourced.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
readonly root run=$root/.run
source "$root/init/environment.sh"
source "$root/init/nginx.sh"
source "$root/init/compose/engine.sh"

find_engine || fail "No container engine answers: install podman with podman-compose, or docker with its compose plugin," \
    "or start without containers: STACK=native make start."
cd "$root"

# The containers, images and volumes of two checkouts have names of their own, which nothing of the caller's can change: a
# slip would end, or delete, somebody else's. Recorded at the first start, so that a folder that is moved keeps its data.
if [[ -r $run/compose/project ]]; then
    COMPOSE_PROJECT_NAME=$(<"$run/compose/project")
else
    COMPOSE_PROJECT_NAME=gatehouse-$(sha256sum <<<"$root" | head -c 8)
fi
export COMPOSE_PROJECT_NAME

http_port=$(setting HTTP_PORT 8080)
https_port=$(setting HTTPS_PORT 8443)
# Where a check reaches what is published.
case $(setting BIND 127.0.0.1) in
    0.0.0.0) address=127.0.0.1 ;;
    ::) address='[::1]' ;;
    *:*) address="[$(setting BIND)]" ;;
    *) address=$(setting BIND 127.0.0.1) ;;
esac
ask() { curl --silent --fail --noproxy '*' --max-time 3 "$@"; }
