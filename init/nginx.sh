# The part of nginx' configuration that follows from the settings, for both stacks. Sourced, after environment.sh.

# Prints nginx/stack/settings.conf. What is written into it has a form that can end no statement.
nginx_settings() {
    local public size age origin='' hsts=''
    size=$(setting HTTP_MAX_BODY 1m)
    size=${size,,}
    # nginx says 10m where we may also say 10MiB.
    if [[ ! $size =~ ^[0-9]{1,10}([kmg](ib)?)?$ ]]; then fail "HTTP_MAX_BODY is \"$size\", which is no number of bytes."; fi
    public=$(setting PUBLIC_URL)
    public=${public,,}
    if [[ $public == https:* ]]; then
        if [[ ! $public =~ ^https://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?/?$ ]]; then
            fail "PUBLIC_URL is \"$public\", which is no https://host without a path."
        fi
        origin=${public%/}
    fi
    age=$(setting HSTS_MAX_AGE 730d)
    age=$(seconds_of "$age") || fail "HSTS_MAX_AGE is \"$age\", which is no duration."
    if [[ $age != 0 ]]; then hsts="max-age=$age; includeSubDomains"; fi
    cat <<C
client_max_body_size ${size%ib};
set \$https_origin "$origin";
set \$configured_hsts "$hsts";
C
}
