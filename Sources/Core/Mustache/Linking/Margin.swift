/// What the lines of a template begin with where it is put.
struct Margin {
    /// Whether the lines begin with what those around the call begin with, which is known when it is rendered.
    var isDynamic = false
    /// Put before each line.
    var text: [UInt8] = []
    /// How much is taken off the white space of each line first.
    var removal = 0

    /// For a line with this white space of its own, or for what is put behind it.
    func followed(by whiteSpace: ArraySlice<UInt8>) -> Margin {
        Margin(isDynamic: isDynamic, text: text + whiteSpace.dropFirst(removal))
    }
}
