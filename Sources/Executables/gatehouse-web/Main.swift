import Operations
import Web

@main
enum Main {
    static func main() {
        ServiceGroup.runProgram { await WebProgram.program.run() }
    }
}
