/// What a member's value can be read as.
protocol JSONReadable {
    static var fieldType: JSONFieldType { get }

    init?(reading value: JSONValue)
}

extension String: JSONReadable {
    static var fieldType: JSONFieldType { .string }

    init?(reading value: JSONValue) {
        guard let text = value.string else { return nil }
        self = text
    }
}

extension Bool: JSONReadable {
    static var fieldType: JSONFieldType { .boolean }

    init?(reading value: JSONValue) {
        guard let truth = value.boolean else { return nil }
        self = truth
    }
}

extension Int: JSONReadable {
    static var fieldType: JSONFieldType { .integer }

    init?(reading value: JSONValue) {
        guard let integer = value.integer else { return nil }
        self.init(exactly: integer)
    }
}

extension Double: JSONReadable {
    static var fieldType: JSONFieldType { .number }

    init?(reading value: JSONValue) {
        guard let number = value.number else { return nil }
        self = number
    }
}

extension [String]: JSONReadable {
    static var fieldType: JSONFieldType { .strings }

    init?(reading value: JSONValue) {
        guard let elements = value.array else { return nil }
        self.init()
        reserveCapacity(elements.count)
        for element in elements {
            guard let text = element.string else { return nil }
            append(text)
        }
    }
}

extension JSONObject: JSONReadable {
    static var fieldType: JSONFieldType { .object }

    init?(reading value: JSONValue) {
        guard let object = value.object else { return nil }
        self = object
    }
}
