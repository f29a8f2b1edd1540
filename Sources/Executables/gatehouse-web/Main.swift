import Web
import Operations

@main
enum Main {
    static func main() {
        ServiceGroup.runProgram { await WebProgram.program.run() }
    }
}
