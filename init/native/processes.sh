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

# Whoever records remembers it too: a full disk has room for the name of a file, and none for what is in it.
declare -A recorded=()
# record NAME PID
record() {
    recorded[$1]="$2 $(start_of "$2")"
    echo "${recorded[$1]}" >"$run/pids/$1"
}
forget() {
    unset "recorded[$1]"
    "${as_account[@]}" rm -f "$run/pids/$1"
}
# Sets `pid` and `start` of whoever calls.
read_record() {
    if [[ -n ${recorded[$1]:-} ]]; then
        read -r pid start <<<"${recorded[$1]}"
    else
        read -r pid start < <(read_in_run "$run/pids/$1")
    fi
}

# The process id of a part that lives.
pid_of() {
    local pid start
    read_record "$1" || return 1
    [[ $pid =~ ^[0-9]+$ && -n $start && $(start_of "$pid") == "$start" ]] && works_here "$pid" || return 1
    echo "$pid"
}

# The living processes of a part's group, after the death of its leader too. Each backend of Postgres leads a group of its own.
group_of() {
    local name=$1 leader pid start line own
    read_record "$name" || return 0
    leader=$pid
    for pid in /proc/[0-9]*; do
        pid=${pid#/proc/}
        { read -r line <"/proc/$pid/stat"; } 2>/dev/null || continue
        own=no
        if [[ $name == postgres && $line == *"(postgres) "* ]]; then own=yes; fi
        line=${line##*) }
        # shellcheck disable=SC2086 # state, parent, group
        set -- $line
        if [[ ($3 == "$leader" || $own == yes) && $1 != [ZX] ]] && works_here "$pid"; then echo "$pid"; fi
    done
}

# What works in .run and is a program of the stack, whether anything recorded it or not. People's own shells are neither.
strays() {
    local pid place program
    while read -r pid place; do
        if [[ $place != "$run" && $place != "$run"/* ]]; then continue; fi
        program=$(readlink "$pid/exe" 2>/dev/null) || continue
        program=${program% (deleted)}
        case ${program##*/} in
            postgres | redis-server | redis-check-rdb | redis-check-aof | nginx | gatehouse-api | gatehouse-web)
                if start_of "${pid#/proc/}" >/dev/null; then echo "${pid#/proc/}"; fi
                ;;
        esac
    done < <(find /proc/[0-9]*/cwd -maxdepth 0 -printf '%h %l\n' 2>/dev/null)
}

# The process id of the supervisor, also when its record was lost: whatever were ended before it, it would start again.
supervisor() {
    local pid place
    local -a words
    if pid_of supervisor; then return; fi
    while read -r pid place; do
        if [[ $place != "$run" ]]; then continue; fi
        mapfile -d '' -t words 2>/dev/null <"$pid/cmdline" || continue
        if [[ ${words[1]:-} == "$root/init/native/supervise" ]] && start_of "${pid#/proc/}" >/dev/null; then
            echo "${pid#/proc/}"
            return
        fi
    done < <(find /proc/[0-9]*/cwd -maxdepth 0 -printf '%h %l\n' 2>/dev/null)
    return 1
}

# How many bytes the supervisor has said so far. said_since BYTES: what it said behind them, if it is a file that can be read.
said_so_far() { stat -c %s "$run/logs/supervisor.log" 2>/dev/null || echo 0; }
said_since() { timeout -k 1 2 "${as_account[@]}" tail -c "+$(($1 + 1))" "$run/logs/supervisor.log" 2>/dev/null || true; }

# Waits without a process: `sleep` would outlive whoever is stopped meanwhile.
pause() { read -r -t "$1" -u "$never" || true; }
exec {never}<> <(:)

# signal SIGNAL PID…: as the account, so that a record can lead to nobody else's process.
signal() { "${as_account[@]}" sh -c 'kill "$@" 2>/dev/null' sh "-$@" || true; }

# end_part NAME SIGNAL SECONDS: asks, waits, and insists. Fails, and keeps the record, when something of it is left.
end_part() {
    local name=$1 asking=$2 patience=$3 pid
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
    kill_all group_of "$name" || return 1
    forget "$name"
}

# kill_all COMMAND…: those whom the command names, until it names nobody. Fails when somebody is left, stuck in the kernel.
kill_all() {
    local members tries
    for ((tries = 0; tries < 200; tries++)); do
        members=$("$@")
        if [[ -z $members ]]; then return; fi
        # shellcheck disable=SC2086 # a list
        signal KILL $members
        pause 0.05
    done
    say "These can not be killed: ${members//$'\n'/ }"
    return 1
}
