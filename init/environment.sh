# Settings as the programs read them: the environment wins over `.env`, an empty value counts as unset, the last line for
# a name wins. Sourced by the scripts beside it; `root` is the folder of the repository.

# What is made at random when nobody has set it.
readonly generated_secrets=(JWT_SECRET POSTGRES_PASSWORD POSTGRES_APP_PASSWORD REDIS_PASSWORD ADMIN_PASSWORD)

# Each argument on a line of its own.
say() { printf '%s\n' "$@"; }
fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# setting NAME [DEFAULT]
setting() {
    local value=${!1:-}
    if [[ -z $value ]]; then value=$(from_dot_env "$1"); fi
    printf '%s' "${value:-${2:-}}"
}

from_dot_env() {
    local line value=
    [[ -r $root/.env ]] || return 0
    line=$(sed -nE "s/^[[:blank:]]*(export[[:blank:]]+)?$1=[[:blank:]]*//p" "$root/.env" | tail -n 1)
    case $line in
        \'*) value=${line#\'} value=${value%%\'*} ;;
        \"*)
            # Up to the first quote that no backslash stands before, then without the backslashes.
            value=$(sed -E 's/^"(([^"\\]|\\.)*)".*$/\1/; s/\\(.)/\1/g' <<<"$line")
            ;;
        *) value=$(sed -E 's/(^|[[:blank:]]+)#.*$//; s/[[:space:]]+$//' <<<"$line") ;;
    esac
    printf '%s' "$value"
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
    if [[ -z $value && -n $file ]]; then value=$(<"$file"); fi
    printf '%s' "$value"
}

# percent_encoded TEXT, for the parts of a URL.
percent_encoded() {
    local LC_ALL=C text=$1 index character
    for ((index = 0; index < ${#text}; index++)); do
        character=${text:index:1}
        case $character in
            [a-zA-Z0-9._~/-]) printf '%s' "$character" ;;
            *) printf '%%%02X' "'$character" ;;
        esac
    done
}
