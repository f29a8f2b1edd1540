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
    if [[ $1 == "$run"/* ]]; then "${as_account[@]}" cat "$1"; else cat "$1"; fi
}

# log_to NAME COMMAND…: runs it as the account, which opens the log itself. Root would follow wherever a link leads.
log_to() {
    local log=$run/logs/$1.log
    shift
    "${as_account[@]}" sh -c 'log=$1; shift; exec "$@" >>"$log" 2>&1' sh "$log" "$@"
}

# What the running stack was started with, so that a change of `.env` does not hide it from `status` and `stop`.
stack_settings=(bind http_port https_port api_instances web_instances programs)
# shellcheck disable=SC2034 # used by parts.sh
collect_settings() {
    bind=$(setting BIND 127.0.0.1)
    http_port=$(setting HTTP_PORT 8080)
    https_port=$(setting HTTPS_PORT 8443)
    api_instances=$(setting API_INSTANCES 1)
    web_instances=$(setting WEB_INSTANCES 1)
}
# is_well_formed NAME VALUE. What is reckoned with passes here first: bash runs commands that stand in a number's brackets.
is_well_formed() {
    case $1 in
        bind) [[ $2 =~ ^[0-9.]+$|^[0-9a-fA-F:]*:[0-9a-fA-F:]*$ ]] ;;
        programs) [[ $2 == /* ]] ;;
        *) [[ $2 =~ ^[1-9][0-9]{0,4}$ && $2 -le 65535 ]] ;;
    esac
}
check_settings() {
    local name
    for name in http_port https_port api_instances web_instances; do
        is_well_formed "$name" "${!name}" || fail "${name^^} is \"${!name}\", which is no number from 1 to 65535."
    done
    is_well_formed bind "$bind" ||
        fail "BIND is \"$bind\", which is no address: 127.0.0.1 for this machine alone, 0.0.0.0 or :: for all."
    is_well_formed programs "$programs" || fail "PROGRAMS is \"$programs\", which does not begin with a slash."
}
read_settings() {
    collect_settings
    check_settings
}
remember_settings() {
    local name
    for name in "${stack_settings[@]}"; do echo "$name=${!name}"; done | write_file "$run/settings"
}
# Read, never sourced, and only what is well formed: root reads what another account may have written.
recall_settings() {
    local name value
    collect_settings
    if [[ -r $run/settings ]]; then
        while IFS='=' read -r name value; do
            if [[ " ${stack_settings[*]} " == *" $name "* ]] && is_well_formed "$name" "$value"; then
                printf -v "$name" '%s' "$value"
            fi
        done <"$run/settings"
    fi
    check_settings
}

# What people and checks put before a port.
reachable_address() {
    case $bind in
        0.0.0.0) echo 127.0.0.1 ;;
        ::) echo '[::1]' ;;
        *:*) echo "[$bind]" ;;
        *) echo "$bind" ;;
    esac
}
public_url() {
    local host=localhost
    case $bind in
        127.0.0.1 | 0.0.0.0 | ::1 | ::) ;;
        *) host=$(reachable_address) ;;
    esac
    setting PUBLIC_URL "http://$host:$http_port"
}
