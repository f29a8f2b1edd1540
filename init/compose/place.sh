# What the commands for the containers share. Sourced.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
readonly root run=$root/.run
source "$root/init/environment.sh"
source "$root/init/nginx.sh"
source "$root/init/compose/engine.sh"

find_engine || fail "No container engine answers: install podman with podman-compose, or docker with its compose plugin," \
    "or start without containers: STACK=native make start."
if [[ -e $run && ! -O $run ]]; then
    fail "$run belongs to $(stat -c %U "$run"), who runs the other stack here: STACK=native, or 'make clean' first."
fi
cd "$root"

# The containers, images and volumes of two checkouts have names of their own, which nothing of the caller's can change: a
# slip would end, or delete, somebody else's. Recorded at the first start, so that a folder that is moved keeps its data.
COMPOSE_PROJECT_NAME=$(recorded_project) || COMPOSE_PROJECT_NAME=gatehouse-$(sha256sum <<<"$root" | head -c 8)
export COMPOSE_PROJECT_NAME

# For compose.yaml, which can not reckon.
tell_compose() {
    collect_settings
    case $bind in
        # All addresses, of either family.
        ::) PUBLISHED_ON= ;;
        *:*) PUBLISHED_ON="[$bind]:" ;;
        *) PUBLISHED_ON=$bind: ;;
    esac
    DATABASE_CONNECTIONS=$(database_connections "$api_instances")
    PROGRAM_PATIENCE=$(patience_with_programs)
    export PUBLISHED_ON HTTP_PORT=$http_port HTTPS_PORT=$https_port DATABASE_CONNECTIONS PROGRAM_PATIENCE
}
tell_compose

ask() { curl --silent --fail --noproxy '*' --max-time 3 "$@"; }
