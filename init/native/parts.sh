# The parts of the native stack: how each is started, ended and asked how it is. Sourced by the commands.

# In the order in which they are started.
all_parts() {
    local number
    echo postgres
    echo redis
    for ((number = 1; number <= api_instances; number++)); do echo "api-$number"; done
    for ((number = 1; number <= web_instances; number++)); do echo "web-$number"; done
    echo nginx
}

# The owner of the database signs in by being the account that runs it.
owner_url() { echo "postgresql://gatehouse@/gatehouse?host=$(percent_encoded "$run/sockets")"; }
api_url() {
    echo "postgresql://gatehouse_api:$(percent_encoded "$(secret POSTGRES_APP_PASSWORD)")@/gatehouse?host=$(percent_encoded "$run/sockets")"
}

# Where the metrics of a part are served: METRICS_LISTEN for api-1, and the next ports in the order of the parts. Of a socket
# each has one with its name at the end.
metrics_of() {
    local listen number=${1##*-}
    listen=$(setting METRICS_LISTEN)
    if [[ $1 == web-* ]]; then number=$((api_instances + number)); fi
    if [[ $listen == unix:* ]]; then
        echo "$listen.$1"
    elif [[ $listen =~ ^(.*:)([1-9][0-9]{0,4})$ && $1 != migrate ]]; then
        echo "${BASH_REMATCH[1]}$((BASH_REMATCH[2] + number - 1))"
    else
        echo "$listen"
    fi
}

# Sets `common` to what all programs of ours are told. Secrets come from files: the account may not be able to read those that
# were named, and an environment is seen by more than it should.
common=()
# program_environment PART
program_environment() {
    local name
    common=("REDIS_URL=unix:$(percent_encoded "$run/sockets/redis")" REDIS_URL_FILE= TRUSTED_PROXIES=unix
        "METRICS_LISTEN=$(metrics_of "$1")")
    for name in "${program_secrets[@]}"; do
        common+=("$name=")
        if [[ -s $run/secrets/${name,,} ]]; then
            common+=("${name}_FILE=$run/secrets/${name,,}")
        else
            common+=("${name}_FILE=")
        fi
    done
}

# Sets `command` to what runs a part in the foreground, from .run, where the programs find their `.env`.
command=()
set_command() {
    case $1 in
        postgres)
            # None of ours is left, or this would not have been called: a lock that is there speaks of the dead, whoever has the number now.
            rm -f "$run/postgres/postmaster.pid" "$run/sockets/.s.PGSQL.5432.lock"
            command=(postgres -D "$run/postgres" -c listen_addresses= -c "unix_socket_directories=\"$run/sockets\""
                -c unix_socket_permissions=0700 -c "max_connections=$(database_connections "$api_instances")"
                -c "hba_file=$run/postgres.access" -c "ident_file=$run/postgres.names" -c "log_line_prefix=%m [%p] ")
            ;;
        redis)
            command=(redis-server --port 0 --unixsocket "$run/sockets/redis" --unixsocketperm 700 --dir "$run/redis"
                --appendonly yes --save "" --maxmemory-policy noeviction --daemonize no)
            ;;
        api-*)
            program_environment "$1"
            command=(env "${common[@]}" "API_LISTEN=unix:$run/sockets/$1" DATABASE_URL=
                "DATABASE_URL_FILE=$run/secrets/database_url" "MIGRATIONS_PATH=$root/init" "$programs/gatehouse-api" serve)
            ;;
        migrate)
            program_environment "$1"
            command=(env "${common[@]}" "DATABASE_URL=$(owner_url)" DATABASE_URL_FILE= "MIGRATIONS_PATH=$root/init"
                "$programs/gatehouse-api" migrate)
            ;;
        web-*)
            # Several instances of the API are behind a socket of nginx.
            local api=api
            if ((api_instances == 1)); then api=api-1; fi
            program_environment "$1"
            command=(env "${common[@]}" "WEB_LISTEN=unix:$run/sockets/$1" "API_URL=unix:$run/sockets/$api"
                "TEMPLATES_PATH=$root/templates" "$programs/gatehouse-web" serve)
            ;;
        nginx)
            # Of one that was killed; a new one would not take it over.
            rm -f "$run/sockets/api"
            command=(nginx -p "$run/nginx/" -c "$run/nginx/nginx.conf" -e stderr)
            ;;
    esac
}

# end NAME: as each part likes to be asked.
end() {
    case $1 in
        # INT is Postgres' fast shutdown: it ends connections and writes everything down.
        postgres) end_part postgres INT 30 ;;
        redis | migrate) end_part "$1" TERM 10 ;;
        # Longer than nginx' own deadline.
        nginx) end_part nginx QUIT 16 ;;
        # A little longer than the program gives itself.
        *) end_part "$1" TERM "$(patience_with_programs)" ;;
    esac
}

address_of() {
    case $1 in
        postgres) echo "$run/sockets/.s.PGSQL.5432" ;;
        nginx) echo "http://$(reachable_address):$http_port https://$(reachable_address):$https_port" ;;
        *) echo "$run/sockets/$1" ;;
    esac
}

# Prints what is wrong, or nothing.
trouble_of() {
    local answer
    case $1 in
        postgres) "${as_account[@]}" pg_isready -q -h "$run/sockets" -U gatehouse -d gatehouse -t 2 || echo "does not accept connections" ;;
        redis)
            answer=$(timeout 2 redis-cli -s "$run/sockets/redis" ping 2>&1) || true
            [[ $answer == PONG ]] || echo "does not answer: ${answer:-nothing}"
            ;;
        api-*)
            answer=$(ask --unix-socket "$run/sockets/$1" http://localhost/health/ready) || true
            [[ $answer == *'"status":"ok"'* ]] || echo "not ready: ${answer:-no answer}"
            ;;
        web-*)
            # Any answer that is no failure of its own: the plain front page does as well.
            ask --unix-socket "$run/sockets/$1" http://localhost/health >/dev/null ||
                ask --unix-socket "$run/sockets/$1" http://localhost/ >/dev/null || echo "no answer"
            ;;
        nginx)
            answer=$(ask "http://$(reachable_address):$http_port/health") || true
            [[ $answer == *'"status":"ok"'* ]] || echo "does not lead to the API: ${answer:-no answer}"
            ask --insecure "https://$(reachable_address):$https_port/health" >/dev/null || echo "no answer by https"
            ;;
    esac
}
# Prints each part that is not well, and why.
all_trouble() {
    local name trouble
    for name in $(all_parts); do
        if ! pid_of "$name" >/dev/null; then
            echo "$name is not running"
        elif trouble=$(trouble_of "$name") && [[ -n $trouble ]]; then
            echo "$name ${trouble%%$'\n'*}"
        fi
    done
}
ask() { curl --silent --fail --noproxy '*' --max-time 3 "$@"; }
