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

# Sets `command` to what runs a part in the foreground, from .run, where the programs find their `.env`.
command=()
set_command() {
    case $1 in
        postgres)
            # Each loop of each instance has connections of its own.
            local connections=$((api_instances * $(setting EVENT_LOOPS "$(nproc)") * $(setting DATABASE_POOL_SIZE 4) + 20))
            command=(postgres -D "$run/postgres" -c listen_addresses= -c "unix_socket_directories=\"$run/sockets\""
                -c unix_socket_permissions=0700 -c "max_connections=$((connections < 100 ? 100 : connections))"
                -c "hba_file=$run/postgres.access" -c "ident_file=$run/postgres.names" -c "log_line_prefix=%m [%p] ")
            ;;
        redis)
            command=(redis-server --port 0 --unixsocket "$run/sockets/redis" --unixsocketperm 700 --dir "$run/redis"
                --appendonly yes --save "" --maxmemory-policy noeviction --daemonize no)
            ;;
        api-*)
            command=(env "API_LISTEN=unix:$run/sockets/$1" "DATABASE_URL_FILE=$run/secrets/database_url" DATABASE_URL=
                "REDIS_URL=unix:$(percent_encoded "$run/sockets/redis")" "MIGRATIONS_PATH=$root/init"
                "$programs/gatehouse-api" serve)
            ;;
        web-*)
            # Several instances of the API are behind a socket of nginx.
            local api=api
            if ((api_instances == 1)); then api=api-1; fi
            command=(env "WEB_LISTEN=unix:$run/sockets/$1" "API_URL=unix:$run/sockets/$api"
                "REDIS_URL=unix:$(percent_encoded "$run/sockets/redis")" "TEMPLATES_PATH=$root/templates"
                "$programs/gatehouse-web" serve)
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
        redis) end_part redis TERM 10 ;;
        # Longer than the programs' and nginx' own deadlines.
        nginx) end_part nginx QUIT 16 ;;
        *) end_part "$1" TERM 12 ;;
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
ask() { curl --silent --fail --noproxy '*' --max-time 3 "$@"; }
