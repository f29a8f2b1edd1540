public import Linux

/// Dates as HTTP writes them (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
public enum HTTPDate {
    /// Every date written here has so many bytes.
    public static let length = 29

    public static func format(_ time: WallTime) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        append(time, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the 29 bytes of the preferred form, IMF-fixdate. A time outside of the years 0000 to 9999 is written as
    /// the nearest one within.
    public static func append(_ time: WallTime, to bytes: inout [UInt8]) {
        let civil = CivilTime(WallTime(seconds: min(max(time.seconds, firstSecond), lastSecond)))
        bytes.append(contentsOf: weekdays[civil.weekday].utf8)
        bytes.append(contentsOf: ", ".utf8)
        bytes.append(civil.day, digits: 2)
        bytes.append(ASCII.space)
        bytes.append(contentsOf: months[civil.month - 1].utf8)
        bytes.append(ASCII.space)
        bytes.append(civil.year, digits: 4)
        bytes.append(ASCII.space)
        bytes.append(civil.hour, digits: 2)
        bytes.append(ASCII.colon)
        bytes.append(civil.minute, digits: 2)
        bytes.append(ASCII.colon)
        bytes.append(civil.second, digits: 2)
        bytes.append(contentsOf: " GMT".utf8)
    }

    /// Reads all three forms a recipient must accept. Case counts; the name of the weekday must be one, but need not be
    /// the day's.
    ///
    /// `now` settles the century of the two-digit years in the form of RFC 850.
    public static func parse(_ text: some StringProtocol, now: WallTime = .now()) -> WallTime? {
        let reader = FieldReader(text)
        return parseFixdate(reader) ?? parseRFC850(reader, now: now) ?? parseAsctime(reader)
    }

    private static let firstSecond = CivilTime.seconds(year: 0, month: 1, day: 1)
    private static let lastSecond = CivilTime.seconds(year: 9_999, month: 12, day: 31, hour: 23, minute: 59, second: 59)

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let longWeekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

extension HTTPDate {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    private static func parseFixdate(_ start: FieldReader) -> WallTime? {
        var reader = start
        guard reader.index(among: weekdays) != nil, reader.skip(", "),
            let day = reader.number(digits: 2), reader.skip(" "),
            let month = reader.index(among: months), reader.skip(" "),
            let year = reader.number(digits: 4), reader.skip(" "),
            let secondOfDay = secondOfDay(&reader), reader.skip(" GMT"), reader.isAtEnd
        else { return nil }
        return time(year: year, month: month + 1, day: day, secondOfDay: secondOfDay)
    }

    /// `Sunday, 06-Nov-94 08:49:37 GMT`
    private static func parseRFC850(_ start: FieldReader, now: WallTime) -> WallTime? {
        var reader = start
        guard reader.index(among: longWeekdays) != nil, reader.skip(", "),
            let day = reader.number(digits: 2), reader.skip("-"),
            let month = reader.index(among: months), reader.skip("-"),
            let shortYear = reader.number(digits: 2), reader.skip(" "),
            let secondOfDay = secondOfDay(&reader), reader.skip(" GMT"), reader.isAtEnd
        else { return nil }
        // > Recipients of a timestamp value in rfc850-date format, which uses a two-digit year, MUST interpret a
        // > timestamp that appears to be more than 50 years in the future as representing the most recent year in
        // > the past that had the same last two digits.
        let thisYear = CivilTime(now).year
        var year = thisYear / 100 * 100 + shortYear
        if year > thisYear + 50 { year -= 100 }
        return time(year: year, month: month + 1, day: day, secondOfDay: secondOfDay)
    }

    /// `Sun Nov  6 08:49:37 1994`
    private static func parseAsctime(_ start: FieldReader) -> WallTime? {
        var reader = start
        guard reader.index(among: weekdays) != nil, reader.skip(" "),
            let month = reader.index(among: months), reader.skip(" "),
            let day = reader.skip(" ") ? reader.number(digits: 1) : reader.number(digits: 2), reader.skip(" "),
            let secondOfDay = secondOfDay(&reader), reader.skip(" "),
            let year = reader.number(digits: 4), reader.isAtEnd
        else { return nil }
        return time(year: year, month: month + 1, day: day, secondOfDay: secondOfDay)
    }

    /// `08:49:37`. The grammar has a second 60, for leap seconds.
    private static func secondOfDay(_ reader: inout FieldReader) -> Int? {
        guard let hour = reader.number(digits: 2), hour < 24, reader.skip(":"),
            let minute = reader.number(digits: 2), minute < 60, reader.skip(":"),
            let second = reader.number(digits: 2), second <= 60
        else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    private static func time(year: Int, month: Int, day: Int, secondOfDay: Int) -> WallTime? {
        let midnight = CivilTime.seconds(year: year, month: month, day: day)
        // 31 April would count on into May: a day that the calendar has reads back as itself.
        guard CivilTime(WallTime(seconds: midnight)).day == day else { return nil }
        return WallTime(seconds: midnight + Int64(secondOfDay))
    }
}

extension [UInt8] {
    /// Appends a number that is not negative with leading zeros. Digits beyond the width are lost.
    fileprivate mutating func append(_ value: Int, digits: Int) {
        var unit = 1
        for _ in 1..<digits { unit *= 10 }
        while unit > 0 {
            append(UInt8(ascii: "0") + UInt8(value / unit % 10))
            unit /= 10
        }
    }
}
