/// What a running program is for. The safe defaults differ: production refuses what development forgives.
public enum Environment: String, CaseIterable, Sendable {
    case development
    case staging
    case production
}
