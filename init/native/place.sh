# Where the native stack is, and as whom it runs. Sourced by the commands beside it.

# Physical, since the working directories of processes are compared with it.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
readonly root
readonly run=$root/.run
# Debian's Postgres has its programs here, and nginx is not in everybody's path.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
for folder in /usr/lib/postgresql/*/bin; do PATH=$folder:$PATH; done
export PATH
# The programs' release build, or what PROGRAMS says.
programs=${PROGRAMS:-$root/.build/release}

source "$root/init/environment.sh"
source "$root/init/nginx.sh"

# Nothing of the stack runs as root. When root starts it, the owner of .run is whom it runs as; a new .run is given to
# Postgres' own account. `as_account` is what to put before a command.
as_account=()
readonly account_for_root=postgres
choose_account() {
    if [[ $(id -u) != 0 ]]; then
        if [[ -e $run && ! -O $run ]]; then
            fail "$run belongs to $(stat -c %U "$run"), who has started the stack here: continue as that user."
        fi
        return
    fi
    local owner
    owner=$(stat -c %u "$run" 2>/dev/null || id -u "$account_for_root")
    if [[ $owner == 0 ]]; then
        fail "$run belongs to root, as whom nothing of this stack runs: it was made for containers (STACK=compose)." \
            "Move it away, and this stack makes one of its own."
    fi
    # `runuser` would reset the limit of open files.
    as_account=(setpriv "--reuid=$owner" "--regid=$(stat -c %g "$run" 2>/dev/null || id -g "$account_for_root")" --clear-groups)
    local port
    for port in "$(setting HTTP_PORT 8080)" "$(setting HTTPS_PORT 8443)"; do
        if is_well_formed port "$port" && ((port < 1024)); then
            as_account+=(--inh-caps=+net_bind_service --ambient-caps=+net_bind_service)
            break
        fi
    done
    if ! "${as_account[@]}" test -r "$root/init/native/supervise" 2>/dev/null; then
        fail "The account $(id -un "$owner" 2>/dev/null || echo "$owner"), as which the stack runs, can not read $root." \
            "Move the folder to where everybody may enter, such as /srv, or start the stack as another user."
    fi
}

# Creates .run and what is in it, for the account.
make_folders() {
    local longest=$run/sockets/.s.PGSQL.5432
    if [[ ${#longest} -gt 107 ]]; then
        fail "The path of this folder is too long for the sockets in it: $root" \
            "It has ${#root} characters and may have $((${#root} + 107 - ${#longest}))."
    fi
    if [[ ! -e $run ]]; then
        mkdir -m 700 "$run"
        if [[ $(id -u) == 0 ]]; then
            chown "$account_for_root:" "$run"
        fi
    fi
    chmod 700 "$run"
    (umask 077 && "${as_account[@]}" mkdir -p "$run"/{certificates,logs,pids,secrets,sockets,redis,nginx})
}

# write_file PATH: standard input becomes the file, at once, owned and read by the account alone.
write_file() {
    (umask 077 && "${as_account[@]}" sh -c 'cat >"$1.new" && mv "$1.new" "$1"' sh "$1")
}

# What is in .run is read by the account, what an operator names outside of it by whoever runs this.
contents_of() {
    if [[ $1 == "$run"/* ]]; then read_in_run "$1" 1000000; else cat "$1"; fi
}

# log_to NAME COMMAND…: runs it as the account, which opens the log itself. Root would follow wherever a link leads.
log_to() {
    local log=$run/logs/$1.log
    shift
    "${as_account[@]}" sh -c 'log=$1; shift; exec "$@" >>"$log" 2>&1' sh "$log" "$@"
}

# What the running stack was started with, so that a change of `.env` does not hide it from `status` and `stop`.
stack_settings=(bind http_port https_port api_instances web_instances programs)
remember_settings() {
    local name
    for name in "${stack_settings[@]}"; do echo "$name=${!name}"; done | write_file "$run/settings"
}
# Read, never sourced, and only what is well formed: root reads what another account may have written.
recall_settings() {
    local name value
    collect_settings
    while IFS='=' read -r name value; do
        if [[ " ${stack_settings[*]} " == *" $name "* ]] && is_well_formed "$name" "$value"; then
            printf -v "$name" '%s' "$value"
        fi
    done < <(read_in_run "$run/settings")
    check_settings
}
