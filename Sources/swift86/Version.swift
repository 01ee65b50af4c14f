import ArgumentParser

extension Swift86 {
    struct Version: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "version", abstract: "Prints the version.")

        func run() {
            #if Window
                print("swift86 \(Swift86.version)")
            #else
                print("swift86 \(Swift86.version), without the window")
            #endif
        }
    }
}
