# Which compose there is. Sourced, after environment.sh.

# Sets `compose` to a command whose engine answers, and `engine` to that engine; fails when there is none.
compose=()
engine=
find_engine() {
    local candidate
    local -a words
    for candidate in 'podman compose' podman-compose 'docker compose' docker-compose; do
        read -r -a words <<<"$candidate"
        engine=${words[0]%%-*}
        if ! command -v "${words[0]}" >/dev/null; then continue; fi
        # The first asks whether the plugin is there, the second whether anybody runs containers for it.
        if timeout 10 "${words[@]}" version >/dev/null 2>&1 && timeout 10 "$engine" info >/dev/null 2>&1; then
            compose=("${words[@]}")
            return 0
        fi
    done
    return 1
}

# The name that this installation's containers, images and volumes have; fails when none was ever started here.
recorded_project() {
    local name=
    if [[ -e $run/compose/project ]]; then
        read -r name < <(read_in_run "$run/compose/project") || true
        [[ $name =~ ^[a-z0-9][a-z0-9_-]{0,62}$ ]] || return 1
        echo "$name"
    elif [[ -e $run/compose/settings.env ]]; then
        # From before each checkout had a name of its own, and recorded it.
        echo gatehouse
    else
        return 1
    fi
}

# Whether this installation's containers run, for whoever does not work with them.
runs_in_containers() {
    local COMPOSE_PROJECT_NAME
    COMPOSE_PROJECT_NAME=$(recorded_project) && find_engine || return 1
    [[ -n $(containers) ]]
}

# containers [SERVICE]: the ids of those that run. Asked by the labels that every compose gives them, since podman-compose
# does not list the containers of one service.
containers() {
    local -a labels=(--filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME")
    if [[ -n ${1:-} ]]; then labels+=(--filter "label=com.docker.compose.service=$1"); fi
    "$engine" ps -q "${labels[@]}"
}
