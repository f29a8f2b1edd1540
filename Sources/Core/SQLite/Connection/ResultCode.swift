internal import CSQLite

/// The extended result codes that are told apart. Written out, because most are C expressions. The lowest 8 bits of
/// each are the primary result code.
enum ResultCode {
    static func primary(_ code: CInt) -> CInt { code & 0xFF }

    static let busySnapshot = SQLITE_BUSY | 2 << 8

    static let ioWrite = SQLITE_IOERR | 3 << 8
    static let ioSynchronize = SQLITE_IOERR | 4 << 8
    static let ioSynchronizeDirectory = SQLITE_IOERR | 5 << 8
    static let ioTruncate = SQLITE_IOERR | 6 << 8
    static let ioOpenSharedMemory = SQLITE_IOERR | 18 << 8
    static let ioSizeSharedMemory = SQLITE_IOERR | 19 << 8

    static let checkViolation = SQLITE_CONSTRAINT | 1 << 8
    static let foreignKeyViolation = SQLITE_CONSTRAINT | 3 << 8
    static let notNullViolation = SQLITE_CONSTRAINT | 5 << 8
    static let primaryKeyViolation = SQLITE_CONSTRAINT | 6 << 8
    static let triggerViolation = SQLITE_CONSTRAINT | 7 << 8
    static let uniqueViolation = SQLITE_CONSTRAINT | 8 << 8
    static let rowIDViolation = SQLITE_CONSTRAINT | 10 << 8
}
