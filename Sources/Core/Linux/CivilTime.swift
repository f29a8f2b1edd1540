/// The calendar reading of a `WallTime`: UTC, proleptic Gregorian.
public struct CivilTime: Equatable, Sendable {
    public var year: Int
    public var month: Int
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int
    /// 0 is Sunday.
    public var weekday: Int

    /// Howard Hinnant's `civil_from_days`: days are counted from 0000-03-01, so that the leap day ends a year.
    public init(_ time: WallTime) {
        let (days, secondOfDay) = time.seconds.flooredQuotientAndRemainder(dividingBy: 86_400)
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = Int(secondOfDay) / 3_600
        minute = Int(secondOfDay) / 60 % 60
        second = Int(secondOfDay) % 60
        // 1970-01-01 was a Thursday.
        weekday = Int((days + 4).flooredQuotientAndRemainder(dividingBy: 7).remainder)
    }

    /// Hinnant's `days_from_civil`. The weekday is not looked at.
    public static func seconds(
        year: Int,
        month: Int,
        day: Int,
        hour: Int = 0,
        minute: Int = 0,
        second: Int = 0
    ) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return Int64(days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    }
}

extension WallTime {
    /// RFC 3339 in UTC to the second: `2026-01-15T10:30:00Z`. The year is held within 0000 to 9999.
    public var rfc3339: String { rfc3339(milliseconds: false) }

    /// The same with three digits of a second for logs: `2026-01-15T10:30:00.042Z`.
    public func rfc3339(milliseconds: Bool) -> String {
        let civil = CivilTime(self)
        return String(unsafeUninitializedCapacity: 24) { buffer in
            var writer = DigitWriter(buffer: buffer)
            writer.write(min(max(civil.year, 0), 9_999), digits: 4)
            writer.write(UInt8(ascii: "-"))
            writer.write(civil.month, digits: 2)
            writer.write(UInt8(ascii: "-"))
            writer.write(civil.day, digits: 2)
            writer.write(UInt8(ascii: "T"))
            writer.write(civil.hour, digits: 2)
            writer.write(UInt8(ascii: ":"))
            writer.write(civil.minute, digits: 2)
            writer.write(UInt8(ascii: ":"))
            writer.write(civil.second, digits: 2)
            if milliseconds {
                writer.write(UInt8(ascii: "."))
                writer.write(Int(nanosecondPart) / 1_000_000, digits: 3)
            }
            writer.write(UInt8(ascii: "Z"))
            return writer.count
        }
    }
}

/// Writes fixed-width decimals into a buffer that is known to be large enough.
private struct DigitWriter {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    mutating func write(_ byte: UInt8) {
        buffer[count] = byte
        count += 1
    }

    mutating func write(_ value: Int, digits: Int) {
        var value = value
        for position in stride(from: count + digits - 1, through: count, by: -1) {
            buffer[position] = UInt8(ascii: "0") + UInt8(value % 10)
            value /= 10
        }
        count += digits
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity, so that times before 1970 read right.
    func flooredQuotientAndRemainder(dividingBy divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
