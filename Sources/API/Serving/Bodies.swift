internal import Contract
internal import Database
internal import HTTPEngine
internal import Linux

// What the services answer, as the contract tells it.

extension UserBody {
    init(_ user: User) {
        self.init(
            id: user.id.description,
            username: user.username,
            email: user.email,
            isAdmin: user.isAdmin,
            isActive: user.isActive,
            isEmailVerified: user.isEmailVerified,
            createdAt: user.createdAt,
            updatedAt: user.updatedAt,
            lastLoginAt: user.lastLoginAt
        )
    }
}

extension SessionBody {
    init(_ session: Session, current: UUID) {
        self.init(
            id: session.id.description,
            device: DeviceName.of(session.userAgent),
            userAgent: session.userAgent,
            address: session.address,
            createdAt: session.createdAt,
            lastUsedAt: session.lastUsedAt,
            expiresAt: session.expiresAt,
            isCurrent: session.id == current
        )
    }
}
