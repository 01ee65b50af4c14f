import Foundation
import PCHost
import Testing

/// The vectors of the tree and those beside it.
enum Packs {
    private static let own = URL(filePath: #filePath).deletingLastPathComponent()

    /// A few vectors of each form of ia32, x87 and mmx, which are always there.
    static let sample = Share.all(of: "sample", in: own.appending(path: "Sample"))
    /// What the fuzzer found, which is always there.
    static let found = Share.all(of: "found", in: own.appending(path: "Found"))
    /// All vectors of ../shared; none where it is not there.
    static let shared = ["8086", "80286", "ia32", "x87", "mmx"].flatMap { name in
        folder.map { Share.all(of: name, in: $0.appending(path: name)) } ?? []
    }

    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["SWIFT86_SHARED"].map { URL(filePath: $0) }
        let folder = (named ?? own.appending(path: "../../../shared").standardized).appending(path: "vectors")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()
}

/// A part of a pack, small enough that several can run side by side.
struct Share: Sendable, CustomTestStringConvertible {
    let pack: String
    let files: [String]

    var testDescription: String {
        let names = files.map { ($0 as NSString).lastPathComponent }
        return "\(pack) \(names.first ?? "") to \(names.last ?? "")"
    }

    static func all(of pack: String, in folder: URL) -> [Share] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let files = names.filter { $0.hasSuffix(".sst") }.sorted().map { folder.appending(path: $0).path }
        return stride(from: 0, to: files.count, by: 60).map { start in
            Share(pack: pack, files: Array(files[start..<min(start + 60, files.count)]))
        }
    }
}
