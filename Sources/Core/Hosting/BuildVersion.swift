/// The version of everything that is built from this repository.
public enum BuildVersion {
    public static let text = "0.1.0"
}
