# Which processes are ours. Each part leads a process group of its own; its record in .run/pids holds its process id and
# when it was started, which together name one process for as long as the machine runs. Sourced by the commands.

# The time of a process's start, in ticks since the machine's; nothing when there is no such process, or only a zombie.
start_of() {
    local line state
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
    # The name in parentheses may hold anything.
    line=${line##*) }
    state=${line%% *}
    [[ $state != Z && $state != X ]] || return 1
    # shellcheck disable=SC2086 # split on purpose: field 22 of the whole line, the 20th from the state on
    set -- $line
    echo "${20}"
}

# Whether a process works in .run, as all of ours do.
works_here() {
    local place
    place=$(readlink "/proc/$1/cwd" 2>/dev/null) || return 1
    [[ $place == "$run" || $place == "$run"/* ]]
}

# record NAME PID
record() { echo "$2 $(start_of "$2")" >"$run/pids/$1"; }
forget() { "${as_account[@]}" rm -f "$run/pids/$1"; }

# The process id of a part that lives.
pid_of() {
    local pid start
    { read -r pid start <"$run/pids/$1"; } 2>/dev/null || return 1
    [[ $pid =~ ^[0-9]+$ && -n $start && $(start_of "$pid") == "$start" ]] && works_here "$pid" || return 1
    echo "$pid"
}

# The living processes of a part's group, after the death of its leader too.
group_of() {
    local leader pid line
    { read -r leader _ <"$run/pids/$1"; } 2>/dev/null || return 0
    for pid in /proc/[0-9]*; do
        pid=${pid#/proc/}
        { read -r line <"/proc/$pid/stat"; } 2>/dev/null || continue
        line=${line##*) }
        # shellcheck disable=SC2086 # state, parent, group
        set -- $line
        if [[ $3 == "$leader" && $1 != [ZX] ]] && works_here "$pid"; then echo "$pid"; fi
    done
}

# Waits without a process: `sleep` would outlive whoever is stopped meanwhile.
pause() { read -r -t "$1" -u "$never" || true; }
exec {never}<> <(:)

# signal SIGNAL PID…: as the account, so that a record can lead to nobody else's process.
signal() { "${as_account[@]}" sh -c 'kill "$@" 2>/dev/null' sh "-$@" || true; }

# end_part NAME SIGNAL SECONDS: asks, waits, and insists.
end_part() {
    local name=$1 asking=$2 patience=$3 pid members
    if pid=$(pid_of "$name"); then
        signal "$asking" "$pid"
        local deadline=$((SECONDS + patience))
        while pid_of "$name" >/dev/null; do
            if ((SECONDS >= deadline)); then
                say "$name did not end within $patience s and is killed"
                break
            fi
            pause 0.05
        done
    fi
    while members=$(group_of "$name") && [[ -n $members ]]; do
        # shellcheck disable=SC2086 # a list
        signal KILL $members
        pause 0.05
    done
    forget "$name"
}
