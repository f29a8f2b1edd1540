import API
import Operations

@main
enum Main {
    static func main() async {
        // Before any thread exists, for threads inherit what is blocked.
        ServiceGroup.prepareSignals()
        await APIProgram.program.main()
    }
}
