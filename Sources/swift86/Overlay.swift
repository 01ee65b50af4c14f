import ArgumentParser
import PCHost

extension Swift86 {
    struct Overlay: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "overlay", abstract: "Commits an overlay to its image, throws it away, or says what it is.",
            subcommands: [Commit.self, Discard.self, Describe.self])

        struct Commit: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "commit", abstract: "Writes an overlay into its image, and empties it.")

            @Argument(help: "The overlay.") var overlay: String
            @Argument(help: "The image that it was made for.") var image: String

            func run() throws {
                try OverlayCommand.commit(overlay, into: image, messages: Console.messages(level: "notice"))
            }
        }

        struct Discard: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "discard", abstract: "Removes an overlay, unless a machine uses it.")

            @Argument(help: "The overlay.") var overlay: String

            func run() throws { try OverlayCommand.discard(overlay) }
        }

        struct Describe: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "info", abstract: "Says what an overlay holds.")

            @Argument(help: "The overlay.") var overlay: String

            func run() throws { print(try OverlayDescription(path: overlay).text, terminator: "") }
        }
    }
}
