/// What a program tells whoever started it, as the number it exits with.
public enum ProgramStatus: Int32, Sendable {
    case good = 0
    case failed = 1
    case wrongUsage = 2
}
