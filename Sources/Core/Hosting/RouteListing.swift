public import HTTPEngine
public import Operations

/// The command `routes`: every route, one a line.
public func routesCommand(_ routes: @escaping @Sendable () throws -> [(route: Route, note: String)]) -> ProgramCommand {
    ProgramCommand("routes", help: "List every route") { invocation in
        let lines = try routes()
        let widest = lines.map(\.route.pattern.count).max() ?? 0
        for (route, note) in lines {
            let method = route.method.name.padded(to: 8)
            invocation.console.print(
                note.isEmpty ? method + route.pattern : method + route.pattern.padded(to: widest + 2) + note
            )
        }
        return .good
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
