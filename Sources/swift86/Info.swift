import ArgumentParser
import PCHost

extension Swift86 {
    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "info", abstract: "Says what a disk image is.")

        @Argument(help: "A disk image.") var image: String

        func run() throws {
            print(try ImageDescription(path: image).text, terminator: "")
        }
    }
}
