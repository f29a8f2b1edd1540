/// What the store does in one step and Redis has no command for.
enum StoreScripts {
    /// Adds ARGV[1] to the counter; one that is new lives ARGV[2] milliseconds.
    ///
    /// It answers GET, a text: numbers of Lua are doubles and lose digits above 2^53.
    static let increment = RedisScript(
        """
        local is_new = redis.call('EXISTS', KEYS[1]) == 0
        redis.call('INCRBY', KEYS[1], ARGV[1])
        if is_new then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
        return redis.call('GET', KEYS[1])
        """
    )

    /// Sets each key to the next of ARGV, to live as many milliseconds as the one after says; 0 is for ever.
    ///
    /// All or none when memory is short: Redis refuses the first write, or else lets the script go on.
    static let setMany = RedisScript(
        """
        for i, key in ipairs(KEYS) do
            local value, milliseconds = ARGV[2 * i - 1], ARGV[2 * i]
            if milliseconds == '0' then
                redis.call('SET', key, value)
            else
                redis.call('SET', key, value, 'PX', milliseconds)
            end
        end
        return redis.status_reply('OK')
        """
    )

    /// Sets the key to ARGV[2] if it is ARGV[1], to live ARGV[3] milliseconds; 0 is for ever.
    static let replace = RedisScript(
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        if ARGV[3] == '0' then
            redis.call('SET', KEYS[1], ARGV[2])
        else
            redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        end
        return 1
        """
    )

    /// Sets each key to the next of ARGV unless it holds a larger number, to live as many milliseconds as the one after
    /// says unless it lives longer. PTTL is -1 for a key that lives for ever, -2 for none.
    static let raise = RedisScript(
        """
        for i, key in ipairs(KEYS) do
            local number, milliseconds = ARGV[2 * i - 1], ARGV[2 * i]
            local old = redis.call('GET', key)
            if old and tonumber(old) and tonumber(old) > tonumber(number) then number = old end
            local left = redis.call('PTTL', key)
            if left == -1 then
                redis.call('SET', key, number)
            else
                redis.call('SET', key, number, 'PX', math.max(left, tonumber(milliseconds)))
            end
        end
        return redis.status_reply('OK')
        """
    )

    /// A hit at ARGV[1] (microseconds), which keeps the key for ARGV[2] milliseconds and forgets what is not later than
    /// ARGV[3]; then three for each window: its first microsecond, its limit and its length. Answers whether it was counted,
    /// and for each window what remains and when there is room.
    ///
    /// The key is a sorted set of the hits that were counted, scored by their time: every step takes O(log n), and it holds
    /// no more than the limit of the longest window. A hit that is refused writes nothing. One that is counted begins with
    /// ZADD, so that Redis can refuse it when memory is short: after a first write it would let the script go on.
    ///
    /// Microseconds since 1970 are exact in a double until the year 2255, but Lua writes a number with 14 digits: whoever
    /// asks does the sums that are sent on as text.
    static let hit = RedisScript(
        """
        local key, now, call = KEYS[1], ARGV[1], redis.call

        local counts, counted = {}, 1
        for i = 4, #ARGV, 3 do
            local count = call('ZCOUNT', key, ARGV[i], '+inf')
            if count >= tonumber(ARGV[i + 1]) then counted = 0 end
            counts[i] = count
        end
        if counted == 1 then
            -- Hits of one microsecond come and go together, so their number makes the next one unique.
            if call('ZADD', key, 'NX', now, now) == 0 then
                call('ZADD', key, now, now .. ':' .. call('ZCOUNT', key, now, now))
            end
            call('ZREMRANGEBYSCORE', key, '-inf', ARGV[3])
            call('PEXPIRE', key, ARGV[2])
        end

        local answer = { counted }
        for i = 4, #ARGV, 3 do
            local limit = tonumber(ARGV[i + 1])
            local remaining, wait = limit - counts[i] - counted, 0
            if remaining <= 0 then
                -- When this one leaves, the limit less one are left.
                local place = call('ZCARD', key) - limit
                local oldest = call('ZRANGE', key, place, place, 'WITHSCORES')
                remaining, wait = 0, tonumber(oldest[2]) + tonumber(ARGV[i + 2]) - tonumber(now)
            end
            answer[#answer + 1] = remaining
            answer[#answer + 1] = wait
        end
        return answer
        """
    )

    /// Takes back one hit at ARGV[1]: of several the last, so that the number of those left still names the next one.
    static let withdrawHit = RedisScript(
        """
        local twins = redis.call('ZCOUNT', KEYS[1], ARGV[1], ARGV[1])
        return redis.call('ZREM', KEYS[1], twins <= 1 and ARGV[1] or ARGV[1] .. ':' .. twins - 1)
        """
    )
}
