# Settings as the programs read them: the environment wins over `.env`, an empty value counts as unset, the last line for
# a name wins. Sourced by the scripts beside it; `root` is the folder of the repository.

# What is made at random when nobody has set it.
readonly generated_secrets=(JWT_SECRET POSTGRES_PASSWORD POSTGRES_APP_PASSWORD REDIS_PASSWORD ADMIN_PASSWORD)
# What the programs get in files of their own.
readonly program_secrets=(JWT_SECRET JWT_PRIVATE_KEY ADMIN_PASSWORD)
# What a stack gives its programs itself, whatever is set.
readonly own_settings=(DATABASE_URL REDIS_URL API_URL API_LISTEN WEB_LISTEN TRUSTED_PROXIES TEMPLATES_PATH MIGRATIONS_PATH)
# What only these scripts read.
readonly stack_names=(STACK BIND HTTP_PORT HTTPS_PORT API_INSTANCES WEB_INSTANCES TLS_CERTIFICATE TLS_CERTIFICATE_KEY START_TIMEOUT)
not_for_programs=("${generated_secrets[@]}" "${program_secrets[@]}" "${own_settings[@]}" "${stack_names[@]}")
readonly not_for_programs+=("${not_for_programs[@]/%/_FILE}")
# Where settings are looked for after the environment.
dot_env=$root/.env

# Each argument on a line of its own.
say() { printf '%s\n' "$@"; }
fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# read_in_run FILE [BYTES]: the beginning of a file below .run. Read as whoever owns .run, since they may have laid a link there
# that only root could follow, and neither long nor much, since it may be a pipe, or have no end.
read_in_run() {
    local -a as_owner=()
    if [[ $EUID == 0 ]]; then
        read -r -a as_owner < <(stat -c 'setpriv --reuid=%u --regid=%g --clear-groups' "$root/.run" 2>/dev/null) || return 1
    fi
    timeout -k 1 2 "${as_owner[@]}" head -c "${2:-4096}" -- "$1" 2>/dev/null
}

# setting NAME [DEFAULT]
setting() {
    local value=${!1:-}
    if [[ -z $value ]]; then value=$(from_dot_env "$1"); fi
    printf '%s' "${value:-${2:-}}"
}

from_dot_env() {
    local line value=
    [[ -r $dot_env ]] || return 0
    line=$(sed -nE "s/^[[:blank:]]*(export[[:blank:]]+)?$1=[[:blank:]]*//p" "$dot_env" | tail -n 1)
    case $line in
        \'*) value=${line#\'} value=${value%%\'*} ;;
        \"*)
            # Up to the first quote that no backslash stands before, then without the backslashes.
            value=$(sed -E 's/^"(([^"\\]|\\.)*)".*$/\1/; s/\\\\/\x01/g; s/\\n/\n/g; s/\\r/\r/g; s/\\t/\t/g; s/\\(.)/\1/g; s/\x01/\\/g' <<<"$line")
            ;;
        *) value=$(sed -E 's/(^|[[:blank:]]+)#.*$//; s/[[:space:]]+$//' <<<"$line") ;;
    esac
    printf '%s' "$value"
}

# Where the stack is reached, and how many of each program there are.
# shellcheck disable=SC2034 # used by those who source this
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
}
read_settings() {
    collect_settings
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

# seconds_of DURATION: as the programs read one, 90, 500ms, 10s, 5m, 2h or 30d. Fails for anything else.
seconds_of() {
    if [[ ! ${1,,} =~ ^([0-9]{1,10})(ms|s|m|h|d)?$ ]]; then return 1; fi
    local number=$((10#${BASH_REMATCH[1]}))
    case ${BASH_REMATCH[2]} in
        ms) echo $((number / 1000)) ;;
        m) echo $((number * 60)) ;;
        h) echo $((number * 3600)) ;;
        d) echo $((number * 86400)) ;;
        *) echo "$number" ;;
    esac
}

# How long a program may take to end, in seconds: longer than it gives itself.
patience_with_programs() {
    local own
    own=$(seconds_of "$(setting SHUTDOWN_TIMEOUT 10s)") || own=10
    echo $((own + 2))
}

# How long `start` waits until all is well, in seconds.
start_patience() {
    local patience
    patience=$(setting START_TIMEOUT 120)
    is_well_formed seconds "$patience" || fail "START_TIMEOUT is \"$patience\", which is no number of seconds."
    echo "$patience"
}

# database_connections INSTANCES: each loop of each instance of the API has connections of its own, one more that watches the
# database, and some are for others.
database_connections() {
    local loops pool connections
    loops=$(setting EVENT_LOOPS)
    pool=$(setting DATABASE_POOL_SIZE)
    if ! is_well_formed instances "$1"; then set -- 1; fi
    if [[ ! $loops =~ ^[1-9][0-9]{0,2}$ ]]; then loops=$(nproc); fi
    if [[ ! $pool =~ ^[1-9][0-9]{0,2}$ ]]; then pool=4; fi
    connections=$(($1 * loops * (pool + 1) + 20))
    echo $((connections < 100 ? 100 : connections))
}

random_secret() { openssl rand -hex 32; }

# 100 bits that can be read out, with a letter of each case, a digit and a sign, as strict rules for passwords want.
random_password() {
    local password=
    until [[ $password == *[a-z]* && $password == *[A-Z]* && $password == *[2-9]* && ${#password} == 20 ]]; do
        # More than enough bytes; what could be taken for another letter is left out.
        password=$(openssl rand -base64 96 | tr -dc 'a-km-zA-HJ-NP-Z2-9' | head -c 20)
    done
    printf '%s' "${password:0:5}-${password:5:5}-${password:10:5}-${password:15:5}"
}

# Writes `.env` when there is none, and gives every secret that is nowhere set a random value. `made_password` is the
# first administrator's when it was made just now.
made_password=
prepare_environment() {
    local name value
    if [[ ! -e $root/.env ]]; then
        # Nobody else may read it, not even for a moment.
        (umask 077 && cp "$root/.env.example" "$root/.env.new" && chmod 600 "$root/.env.new")
        mv "$root/.env.new" "$root/.env"
        say "Wrote .env with fresh secrets."
    elif [[ -n $(find -L "$root/.env" -perm /077) ]]; then
        # Copied from the example by hand, most likely.
        chmod go= "$root/.env" || fail "Others may read .env, which holds secrets: chmod 600 .env"
        say "Others could read .env, which holds secrets; now they can not."
    fi
    for name in "${generated_secrets[@]}"; do
        if [[ -n $(setting "$name") || -n $(setting "${name}_FILE") ]]; then continue; fi
        if [[ $name == ADMIN_PASSWORD ]]; then
            value=$(random_password)
            made_password=$value
        else
            value=$(random_secret)
        fi
        write_setting "$name" "$value"
    done
}

# write_setting NAME VALUE: on the line that has the name without a value, or at the end. The value needs no quotes.
write_setting() {
    (
        umask 077
        if grep -qE "^$1=[[:blank:]]*$" "$root/.env"; then
            sed -E "s|^$1=[[:blank:]]*$|$1=$2|" "$root/.env"
        else
            cat "$root/.env"
            echo "$1=$2"
        fi >"$root/.env.new"
        chmod --reference="$root/.env" "$root/.env.new"
        if [[ $(id -u) == 0 ]]; then chown --reference="$root/.env" "$root/.env.new"; fi
        mv "$root/.env.new" "$root/.env"
    )
}

# secret NAME: the value, or what is in the file that NAME_FILE says.
secret() {
    local value file
    value=$(setting "$1")
    file=$(setting "$1_FILE")
    if [[ -n $file ]]; then
        if [[ -n $value ]]; then fail "$1 is set and so is $1_FILE: set only one of them."; fi
        if [[ ! -r $file ]]; then fail "$1_FILE is \"$file\", which can not be read."; fi
        value=$(<"$file")
    fi
    printf '%s' "$value"
}

# `.env` for the programs: without the secrets, without what the stack gives them itself and what is not theirs.
program_settings() {
    grep -vE "^[[:blank:]]*(export[[:blank:]]+)?($(IFS='|' && echo "${not_for_programs[*]}"))=" "$root/.env" || true
}

# percent_encoded TEXT, for the parts of a URL.
percent_encoded() {
    local LC_ALL=C text=$1 index character
    for ((index = 0; index < ${#text}; index++)); do
        character=${text:index:1}
        case $character in
            [a-zA-Z0-9._~-]) printf '%s' "$character" ;;
            *) printf '%%%02X' "'$character" ;;
        esac
    done
}
