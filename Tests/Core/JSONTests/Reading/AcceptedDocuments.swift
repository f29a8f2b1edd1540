import JSON

/// Documents that RFC 8259 allows, and what they mean.
enum AcceptedDocuments {
    static let all: [(document: String, value: JSONValue)] = literals + numbers + strings + containers

    private static let literals: [(String, JSONValue)] = [
        ("null", .null),
        ("true", .boolean(true)),
        ("false", .boolean(false)),
        (" null", .null),
        ("null ", .null),
        ("\t\n\r true \t\n\r", .boolean(true)),
    ]

    private static let numbers: [(String, JSONValue)] = [
        ("0", .integer(0)),
        ("-0", .integer(0)),
        ("7", .integer(7)),
        ("-1", .integer(-1)),
        ("10", .integer(10)),
        ("1234567890", .integer(1_234_567_890)),
        ("9007199254740993", .integer(9_007_199_254_740_993)),
        ("9223372036854775807", .integer(.max)),
        ("-9223372036854775808", .integer(.min)),
        ("0.0", .number(0)),
        ("-0.0", .number(-0.0)),
        ("0.5", .number(0.5)),
        ("-0.1", .number(-0.1)),
        ("123.456", .number(123.456)),
        ("1.0", .number(1)),
        ("1e2", .number(100)),
        ("1E2", .number(100)),
        ("1e+2", .number(100)),
        ("1E-2", .number(0.01)),
        ("0e1", .number(0)),
        ("0E+1", .number(0)),
        ("1.5e00", .number(1.5)),
        ("-1.25e-007", .number(-1.25e-7)),
        ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
        ("5e-324", .number(.leastNonzeroMagnitude)),
        ("2.2250738585072011e-308", .number(Double.leastNormalMagnitude.nextDown)),
        ("0.1000000000000000055511151231257827021181583404541015625", .number(0.1)),
    ]

    private static let strings: [(String, JSONValue)] = [
        (#""""#, .string("")),
        (#"" ""#, .string(" ")),
        (#""a""#, .string("a")),
        (#""fifteen bytes..""#, .string("fifteen bytes..")),
        (#""sixteen bytes...""#, .string("sixteen bytes...")),
        (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
        (#""\u0041\u00e9\u20AC""#, .string("Aé€")),
        (#""\uD83D\uDD11""#, .string("🔑")),
        (#""\ud800\udc00\uDBFF\uDFFF""#, .string("\u{10000}\u{10FFFF}")),
        (#""a\u0000b""#, .string("a\0b")),
        (#""\u001f\u007F""#, .string("\u{1F}\u{7F}")),
        (#""\\u0041""#, .string(#"\u0041"#)),
        (#""\\\"""#, .string(#"\""#)),
        (#""\u0022\u005c""#, .string("\"\\")),
        (#""\uFFFE\uFFFF""#, .string("\u{FFFE}\u{FFFF}")),
        (#""\uFEFF""#, .string("\u{FEFF}")),
        ("\"\u{7F}\"", .string("\u{7F}")),
        ("\"é€🔑\"", .string("é€🔑")),
        ("\"e\u{301}\"", .string("e\u{301}")),
        ("\"\u{2028}\u{2029}\u{FEFF}\u{FFFE}\u{10FFFF}\"", .string("\u{2028}\u{2029}\u{FEFF}\u{FFFE}\u{10FFFF}")),
        ("\"a/b'c/*d*/\"", .string("a/b'c/*d*/")),
        (#""é\né""#, .string("é\né")),
    ]

    private static let containers: [(String, JSONValue)] = [
        ("[]", .array([])),
        ("[ \n ]", .array([])),
        ("{}", .object([:])),
        ("{ \t }", .object([:])),
        ("[1]", .array([.integer(1)])),
        ("[1,null,\"\"]", .array([.integer(1), .null, .string("")])),
        (" [ 1 , 2 ] ", .array([.integer(1), .integer(2)])),
        ("[[],[[]],{}]", .array([.array([]), .array([.array([])]), .object([:])])),
        (#"{"a":1}"#, .object(["a": .integer(1)])),
        (
            #" { "a" : [ true ] , "b" : { "a" : null } } "#,
            .object(["a": .array([.boolean(true)]), "b": .object(["a": .null])])
        ),
        (#"{"":0}"#, .object(["": .integer(0)])),
        (#"{"b":1,"a":2,"c":3}"#, .object(["b": .integer(1), "a": .integer(2), "c": .integer(3)])),
        (#"{"a":1,"A":2}"#, .object(["a": .integer(1), "A": .integer(2)])),
        (#"{"a\u0000":1,"a":2}"#, .object(["a\0": .integer(1), "a": .integer(2)])),
        (#"{"\ud83d\udd11":"x"}"#, .object(["🔑": .string("x")])),
        (#"{"a":{"a":{"a":1}}}"#, .object(["a": .object(["a": .object(["a": .integer(1)])])])),
        (#"[{"a":1},{"a":1}]"#, .array([.object(["a": .integer(1)]), .object(["a": .integer(1)])])),
        ("[0,-1,1.5,-2e3]", .array([.integer(0), .integer(-1), .number(1.5), .number(-2_000)])),
        ("[true,false]", .array([.boolean(true), .boolean(false)])),
    ]
}
