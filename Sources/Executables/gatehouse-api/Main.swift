import API
import Operations

@main
enum Main {
    static func main() {
        ServiceGroup.runProgram { await APIProgram.program.run() }
    }
}
