# What has to be there before the parts are started. Sourced by `start`.

# Only when a source is newer than the last build: asking the package manager alone takes seconds.
build_programs() {
    if [[ -n ${PROGRAMS:-} ]]; then return; fi
    local stamp=$root/.build/release/built-for-the-stack
    if [[ -x $programs/gatehouse-api && -x $programs/gatehouse-web && -e $stamp ]] &&
        [[ -z $(find "$root/Sources" "$root/Package.swift" -newer "$stamp" -print -quit) ]]; then
        return
    fi
    local now
    now=$(mktemp)
    if ! make -C "$root" --no-print-directory build {lock}>&-; then
        rm -f "$now"
        fail "The programs could not be built."
    fi
    # What changed while it was built is built next time.
    touch -r "$now" "$stamp"
    rm -f "$now"
}

# What was ever recorded, nginx first and Postgres last.
recorded_parts() {
    local name
    for name in migrate nginx $(cd "$run/pids" && compgen -G '*' | grep -xE '(web|api)-[0-9]+' | sort -r) redis postgres; do
        if [[ -e $run/pids/$name ]]; then echo "$name"; fi
    done
}

free_ports() {
    local name port holder
    for name in HTTP_PORT:$http_port HTTPS_PORT:$https_port; do
        port=${name#*:} name=${name%%:*}
        local address
        address=$(reachable_address)
        # A connection is the one question that needs no rights.
        if timeout 1 bash -c "exec 3<>/dev/tcp/${address//[\[\]]/}/$port" 2>/dev/null; then
            holder=$(ss -Hltnp "sport = :$port" 2>/dev/null | grep -oE '"[^"]+",pid=[0-9]+' | head -n 1 | sed -E 's/"([^"]+)",pid=/\1, process /')
            fail "Port $port on $address is taken${holder:+ (by $holder)}." \
                "Free it, or set $name to another port: in .env, or as in '$name=$((port + 1000)) make start'."
        fi
    done
    if [[ $http_port == "$https_port" ]]; then fail "HTTP_PORT and HTTPS_PORT are both $http_port."; fi
}

# The programs read `.env` where they run. What is written here is the account's, the original stays whose it is.
copy_settings() {
    local name
    program_settings | write_file "$run/.env"
    for name in POSTGRES_APP_PASSWORD "${program_secrets[@]}"; do
        secret "$name" | write_file "$run/secrets/${name,,}"
    done
    api_url | write_file "$run/secrets/database_url"
    for name in DATABASE_URL REDIS_URL; do
        if [[ -n $(setting "$name")$(setting "${name}_FILE") ]]; then
            say "$name is not heeded: the stack has a server of its own."
        fi
    done
}

# Both programs look at their settings before anything is made, and say all that is wrong.
check_programs() {
    local name said
    local -a wrong=()
    for name in api-1 web-1; do
        set_command "$name"
        command[-1]=config
        said=$(cd "$run" && "${as_account[@]}" "${command[@]}" 2>&1 >/dev/null) || wrong+=("${said:-$name can not read its settings.}")
    done
    if [[ ${#wrong[@]} != 0 ]]; then fail "The settings are not as they should be; nothing was started." "" "${wrong[@]}"; fi
}

# The one that TLS_CERTIFICATE and TLS_CERTIFICATE_KEY name, or one made for development. Copied, because what a real one
# lies in may be closed to the account.
prepare_certificate() {
    local certificate key
    certificate=$(setting TLS_CERTIFICATE "$run/certificates/development.pem")
    key=$(setting TLS_CERTIFICATE_KEY "$run/certificates/development.key")
    if [[ $certificate == "$run"/* ]]; then
        (umask 077 && "${as_account[@]}" "$root/init/certificate" "$run/certificates" "$(public_url)")
    fi
    if [[ ! -r $certificate || ! -r $key ]]; then
        fail "TLS_CERTIFICATE and TLS_CERTIFICATE_KEY have to name files that can be read: $certificate, $key"
    fi
    contents_of "$certificate" | write_file "$run/certificates/certificate.pem"
    contents_of "$key" | write_file "$run/certificates/certificate.key"
}

prepare_postgres() {
    local name
    # Local connections only: the account itself is the owner, the API brings its password.
    write_file "$run/postgres.access" <<'A'
local all gatehouse peer map=owner
local all gatehouse_api scram-sha-256
A
    name=$("${as_account[@]}" id -un)
    echo "owner \"$name\" gatehouse" | write_file "$run/postgres.names"
    if [[ -s $run/postgres/PG_VERSION ]]; then
        local version made
        version=$(postgres --version | grep -oE '[0-9]+' | head -n 1)
        read -r made < <(read_in_run "$run/postgres/PG_VERSION") || true
        if [[ $made != "$version" ]]; then
            fail "The data in .run/postgres is of Postgres $made, installed is $version." \
                "Move it with pg_upgrade, or dump it with the old version and restore it with the new one."
        fi
        return
    fi
    # Into another place first: an attempt that was broken off leaves nothing that looks finished.
    "${as_account[@]}" rm -rf "$run/postgres.new"
    "${as_account[@]}" rm -f "$run/logs/initdb.log"
    if ! (cd "$run" && log_to initdb env -u PGDATA HOME="$run" initdb -D "$run/postgres.new" -U gatehouse -A peer -E UTF8 \
        --locale=C.UTF-8); then
        "${as_account[@]}" tail -n 20 "$run/logs/initdb.log" >&2
        fail "Postgres could not make its data folder."
    fi
    if ! (cd "$run" && echo 'CREATE DATABASE gatehouse' | log_to initdb postgres --single -D "$run/postgres.new" postgres); then
        "${as_account[@]}" tail -n 20 "$run/logs/initdb.log" >&2
        fail "Postgres could not make the database."
    fi
    "${as_account[@]}" mv "$run/postgres.new" "$run/postgres"
}

# nginx/ as it is, with the stack's own addresses in place of the containers'.
prepare_nginx() {
    "${as_account[@]}" rm -rf "$run/nginx"
    (umask 077 && "${as_account[@]}" mkdir -p "$run"/nginx/{apps,snippets,stack})
    local file
    for file in "$root"/nginx/*.conf "$root"/nginx/{apps,snippets}/*.conf; do
        if [[ -e $file ]]; then write_file "$run/nginx/${file#"$root/nginx/"}" <"$file"; fi
    done
    {
        upstream gatehouse_api api "$api_instances"
        upstream gatehouse_web web "$web_instances"
        if [[ $api_instances -gt 1 ]]; then shared_api; fi
    } | write_file "$run/nginx/stack/upstreams.conf"
    local address=$bind both='' settings
    if [[ $bind == *:* ]]; then address="[$bind]"; fi
    # All addresses are those of either family.
    if [[ $bind == :: ]]; then both=' ipv6only=off'; fi
    write_file "$run/nginx/stack/listen.conf" <<C
listen $address:$http_port default_server$both;
listen $address:$https_port ssl http2 default_server$both;
ssl_certificate "$run/certificates/certificate.pem";
ssl_certificate_key "$run/certificates/certificate.key";
root "$root/templates";
C
    # In two steps: what fails in a pipe does not end the script in time.
    settings=$(nginx_settings)
    write_file "$run/nginx/stack/settings.conf" <<<"$settings"
    # Into a file of the account's, since the access log is opened again by name.
    if ! (cd "$run" && umask 077 && "${as_account[@]}" sh -c 'exec nginx -t -q -p nginx/ -c "$PWD/nginx/nginx.conf" -e stderr >logs/nginx-check.log 2>&1')
    then
        fail "$("${as_account[@]}" cat "$run/logs/nginx-check.log")" "nginx does not accept its configuration, see nginx/ and .run/nginx."
    fi
}
# upstream NAME PART COUNT
upstream() {
    local number
    echo "upstream $1 {"
    for ((number = 1; number <= $3; number++)); do
        echo "    server \"unix:$run/sockets/$2-$number\" max_fails=2 fail_timeout=2s;"
    done
    echo "    keepalive 64;"
    echo "    keepalive_timeout 60s;"
    echo "}"
}

# All instances of the API behind one socket, for the web front end: what it asks outlives the death of one of them. The
# forwarding fields are its own, and pass.
shared_api() {
    cat <<C
server {
    listen "unix:$run/sockets/api";
    access_log off;
    client_max_body_size 0;
    location / {
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host \$asked_host;
        proxy_connect_timeout 2s;
        proxy_next_upstream_tries 3;
        proxy_pass http://gatehouse_api;
    }
}
C
}

# One older log of each part is kept; what runs adds to its own.
rotate_logs() {
    local log
    for log in "$run"/logs/*.log; do
        if [[ -e $log && $(stat -c %s "$log") -gt 10000000 ]]; then "${as_account[@]}" mv "$log" "$log.old"; fi
    done
}

# show_failure WORDS: what the supervisor said, and the last words of the parts it spoke of.
show_failure() {
    local name
    say "The stack did not become ready." "" "$1"
    for name in $(all_parts) migrate; do
        if grep -qE " $name (\(pid|does|is not)|$name\.log" <<<"$1" && [[ -s $run/logs/$name.log ]]; then
            say "" "== .run/logs/$name.log"
            "${as_account[@]}" tail -n 8 "$run/logs/$name.log"
        fi
    done
}
