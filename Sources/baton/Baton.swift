import BatonCommands

/// The process: everything is in `BatonCommands`.
@main
enum Baton {
    static func main() async {
        await BatonCommand.start()
    }
}
