// The questions a handler asks, type by type.

extension JSONObjectReader {
    public mutating func string(_ name: String) -> String? { required(name) }

    public mutating func optionalString(_ name: String) -> String? { optional(name) }

    /// Where the field can not be cleared, null is a problem; a field with a problem reads as unchanged.
    public mutating func changedString(_ name: String, clearable: Bool = true) -> JSONChange<String> {
        changed(name, clearable)
    }
}

extension JSONObjectReader {
    public mutating func boolean(_ name: String) -> Bool? { required(name) }

    public mutating func optionalBoolean(_ name: String) -> Bool? { optional(name) }

    public mutating func changedBoolean(_ name: String, clearable: Bool = true) -> JSONChange<Bool> {
        changed(name, clearable)
    }
}

extension JSONObjectReader {
    /// A whole number; `1.0` is one too.
    public mutating func integer(_ name: String) -> Int? { required(name) }

    public mutating func optionalInteger(_ name: String) -> Int? { optional(name) }

    public mutating func changedInteger(_ name: String, clearable: Bool = true) -> JSONChange<Int> {
        changed(name, clearable)
    }
}

extension JSONObjectReader {
    public mutating func number(_ name: String) -> Double? { required(name) }

    public mutating func optionalNumber(_ name: String) -> Double? { optional(name) }

    public mutating func changedNumber(_ name: String, clearable: Bool = true) -> JSONChange<Double> {
        changed(name, clearable)
    }
}

extension JSONObjectReader {
    /// An array in which every element is a string.
    public mutating func strings(_ name: String) -> [String]? { required(name) }

    public mutating func optionalStrings(_ name: String) -> [String]? { optional(name) }

    public mutating func changedStrings(_ name: String, clearable: Bool = true) -> JSONChange<[String]> {
        changed(name, clearable)
    }
}

extension JSONObjectReader {
    /// A nested object, to be read by a reader of its own.
    public mutating func object(_ name: String) -> JSONObject? { required(name) }

    public mutating func optionalObject(_ name: String) -> JSONObject? { optional(name) }

    public mutating func changedObject(_ name: String, clearable: Bool = true) -> JSONChange<JSONObject> {
        changed(name, clearable)
    }
}
