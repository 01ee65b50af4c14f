import Glibc
import PCCore

/// A folder of the host as files of a DOS disk, and what a program made of them.
struct ProgramFolder {
    /// A file's place on the DOS disk: its folders' names and its own.
    typealias Place = [FATName]

    private let folder: String
    /// Files of the host, by their paths in the folder, and what they are called under DOS.
    private(set) var places: [String: Place] = [:]
    private var contents: [Place: [UInt8]] = [:]
    /// Bytes of all files.
    private(set) var size = 0

    private static let largest = 200 << 20

    /// Reads everything in `folder` but links and special files.
    init(_ folder: String) throws(BadInput) {
        self.folder = folder
        guard let files = HostFile.tree(folder) else { throw BadInput("\(folder): is no folder") }
        var taken: [Place: String] = [:]
        for file in files.sorted() {
            var status = stat()
            guard lstat("\(folder)/\(file)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            size += Int(status.st_size)
            guard size <= Self.largest else {
                throw BadInput(
                    "\(folder): holds more than \(Self.largest >> 20) MB; put the program into a folder of its own")
            }
            let place = Self.place(of: file, &taken)
            places[file] = place
            contents[place] = try HostFile.read("\(folder)/\(file)", limit: Self.largest)
        }
    }

    /// DOS names for the parts of a path; parts that do not fit are shortened, the same ones to the same name.
    private static func place(of path: String, _ taken: inout [Place: String]) -> Place {
        var place: Place = []
        var host = ""
        for part in path.split(separator: "/").map(String.init) {
            host += "/" + part
            let named = FATName(part).map { place + [$0] }
            let shortened = (1...99_999).lazy.map { [place] in place + [FATName(shortening: part, number: $0)] }
            let free = ([named].compactMap(\.self) + []).first { taken[$0, default: host] == host }
            place =
                free ?? shortened.first { taken[$0, default: host] == host } ?? place + [
                    FATName(shortening: part, number: 0)
                ]
            taken[place] = host
        }
        return place
    }

    /// Puts all files onto a volume.
    func copy(to volume: FATVolume) throws(BadInput) {
        do {
            var folders: [Place: FATVolume.Directory] = [[]: .root]
            for (place, content) in contents.sorted(by: { Self.text($0.key) < Self.text($1.key) }) {
                var directory = FATVolume.Directory.root
                for depth in 1..<max(1, place.count) {
                    let path = Array(place.prefix(depth))
                    if let known = folders[path] {
                        directory = known
                    } else {
                        guard let made = try volume.makeFolder(path[depth - 1], in: directory) else { throw full }
                        folders[path] = made
                        directory = made
                    }
                }
                guard let name = place.last, try volume.write(name, content, in: directory) else { throw full }
            }
        } catch let error as BadInput {
            throw error
        } catch {
            throw BadInput("\(folder): cannot be put on a DOS disk")
        }
    }

    private var full: BadInput { BadInput("\(folder): has too many files for a DOS disk") }

    /// Writes the files of `volume` that are new or have changed into a folder of the host. Files that came from the host
    /// keep their names.
    func saveChanges(of volume: FATVolume, to target: String) throws(BadInput) {
        let names = Dictionary(places.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        do {
            try HostFile.makeFolder(of: target + "/x")
            try volume.walk { (folders, file) throws(BlockError) in
                let place = folders + [file.name]
                let content = try volume.content(of: file)
                guard contents[place] != content else { return }
                let path = "\(target)/\(names[place] ?? Self.text(place))"
                do throws(BadInput) {
                    try HostFile.makeFolder(of: path)
                    try HostFile.write(content, to: path)
                } catch {
                    throw .failed(error.message)
                }
            }
        } catch let error as BadInput {
            throw error
        } catch let error as BlockError {
            if case .failed(let reason) = error { throw BadInput(reason) }
            throw BadInput("the program left a disk that cannot be read")
        } catch {
            throw BadInput("\(error)")
        }
    }

    private static func text(_ place: Place) -> String { place.map(\.text).joined(separator: "/") }
}
