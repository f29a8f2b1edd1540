internal import Glibc

/// What sysconf(3) says of the machine; constant for as long as the process lives.
public enum SystemConfiguration {
    /// The unit of memory counts in /proc.
    public static var pageSize: Int { sysconf(Int32(_SC_PAGESIZE)) }

    /// The unit of processor times in /proc.
    public static var clockTicksPerSecond: Int { sysconf(Int32(_SC_CLK_TCK)) }
}
