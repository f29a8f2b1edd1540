# Which compose there is. Sourced.

# Sets `compose` to a command whose engine answers; fails when there is none.
compose=()
find_engine() {
    local candidate
    local -a words
    for candidate in 'podman compose' podman-compose 'docker compose' docker-compose; do
        read -r -a words <<<"$candidate"
        if ! command -v "${words[0]}" >/dev/null; then continue; fi
        # The first asks whether the plugin is there, the second whether anybody runs containers for it.
        if timeout 10 "${words[@]}" version >/dev/null 2>&1 && timeout 10 "${words[0]%%-*}" info >/dev/null 2>&1; then
            compose=("${words[@]}")
            return 0
        fi
    done
    return 1
}
