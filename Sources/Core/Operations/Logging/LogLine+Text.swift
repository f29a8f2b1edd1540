// Text that came from a peer must stay inside its field: it can not end the line, look like a second field, or reach
// the terminal as a command. Both formats escape alike, the way of JSON (RFC 8259, section 7).

extension LogLine {
    /// What has to be done to a text, from nothing to much.
    enum TextShape: Int, Comparable {
        /// Graphic ASCII without quotes, backslashes and equals signs.
        case bare
        /// The same with spaces.
        case spaced
        /// Needs quotes around it.
        case quoted
        /// Needs quotes, and a look at every character.
        case escaped

        init(of text: String) {
            // Nothing at all could not be seen.
            var shape = text.isEmpty ? TextShape.quoted : .bare
            let bytes = text.utf8Span.span
            for index in bytes.indices {
                switch bytes[index] {
                // Most of what there is: from `a` to `~`, and from the comma to `<`.
                case 0x61...0x7E, 0x2C...0x3C: continue
                case UInt8(ascii: " "): shape = max(shape, .spaced)
                case UInt8(ascii: "="): shape = .quoted
                case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    self = .escaped
                    return
                case 0x21...0x60: continue
                default:
                    self = .escaped
                    return
                }
            }
            self = shape
        }

        static func < (left: TextShape, right: TextShape) -> Bool { left.rawValue < right.rawValue }
    }

    /// Adds a text, in quotes unless its shape is at most the given one. What does not fit ends with an ellipsis.
    mutating func append(text: String, bareUpTo bareShape: TextShape?) {
        let shape = TextShape(of: text)
        let ceiling = textCeiling
        let fits = bytes.count + text.utf8.count <= ceiling
        if let bareShape, fits, shape <= bareShape {
            bytes.append(contentsOf: text.utf8)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        if fits, shape < .escaped {
            bytes.append(contentsOf: text.utf8)
        } else {
            append(escaping: text, ceiling: ceiling)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(escaping text: String, ceiling: Int) {
        for scalar in text.unicodeScalars {
            guard bytes.count < ceiling else {
                bytes.append(contentsOf: "…".utf8)
                return
            }
            switch scalar {
            case "\"": bytes.append(contentsOf: #"\""#.utf8)
            case "\\": bytes.append(contentsOf: #"\\"#.utf8)
            case "\n": bytes.append(contentsOf: #"\n"#.utf8)
            case "\r": bytes.append(contentsOf: #"\r"#.utf8)
            case "\t": bytes.append(contentsOf: #"\t"#.utf8)
            case " "..."~": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            case _ where scalar.isInvisible:
                for unit in String(scalar).utf16 { append(escapedUnit: unit) }
            default: bytes.append(contentsOf: scalar.utf8)
            }
        }
    }

    private mutating func append(escapedUnit unit: UInt16) {
        bytes.append(contentsOf: #"\u"#.utf8)
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(unit >> UInt16(shift) & 0xF)
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}

extension Unicode.Scalar {
    /// Whether the character shows nothing but changes how what follows is shown: controls (ESC, and the C1 ones that
    /// terminals obey), U+2028 and U+2029, bidirectional overrides, zero-width characters, language tags.
    fileprivate var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned: true
        default: false
        }
    }
}
