import PCCore

extension MachineSession {
    /// Writes the machine's state to a file, from which this session or another process can go on. The file is there
    /// whole or not at all, and what it replaces is lost only then.
    public func save(to path: String) throws(BadInput) {
        let file: StateFile
        do throws(StateFault) {
            file = try stateFile()
        } catch {
            throw BadInput("\(path): the machine cannot be saved: \(error.reason)")
        }
        try StateStorage.write(file.container.bytes, to: path, keepingOff: media.files)
    }

    /// Goes on from the state in a file, which has to be of a machine like this one. Floppies and CDs that were in the
    /// drives then are put in again. Where anything is wrong, the session goes on as it was.
    public func load(from path: String) throws(BadInput) {
        try load(StateFile(StateContainer(path: path), path), path)
    }

    func load(_ file: StateFile, _ path: String) throws(BadInput) {
        do throws(StateFault) {
            try load(file)
        } catch {
            throw error.input(path)
        }
    }

    /// What is saved.
    func stateFile() throws(StateFault) -> StateFile {
        switch ending {
        case .poweredOff, .shutdown, .debugExit: throw StateFault("it is off")
        default: break
        }
        var description = description
        var changes: [MediaPlace: DiskChanges] = [:]
        for place in MediaPlace.allCases {
            if let number = place.ide, pc.hasCDROM(number) {
                let content = try pc.disc(cdrom: number).map { disc throws(StateFault) in
                    try Self.content(disc, place, DiskChanges())
                }
                description.media.append(.init(place: place, kind: .cdrom, content: content))
            } else if let device = pc.device(at: place) {
                let changed = (device as? ChangeTrackingDisk)?.changes ?? DiskChanges()
                description.media.append(
                    .init(
                        place: place, kind: place.floppy != nil ? .floppy : .disk,
                        content: try Self.content(device, place, changed)))
                if device is ChangeTrackingDisk { changes[place] = changed }
            }
        }
        return StateFile(
            description: description, configuration: pc.configuration, machine: pc.save(), changes: changes)
    }

    /// The machine without what is in its drives.
    private var description: MachineDescription {
        MachineDescription(pc.configuration, rate: pc.slotsPerSecond, kernel: plan.kernel)
    }

    private static func content(
        _ device: any BlockDevice, _ place: MediaPlace, _ changes: DiskChanges
    ) throws(StateFault) -> MachineDescription.Content {
        do throws(BlockError) {
            return .init(
                path: device.imagePath, isReadOnly: device.isReadOnly,
                digest: try device.digestAtPowerOn(excluding: changes))
        } catch {
            throw StateFault("the disk in \(place.name) cannot be read")
        }
    }

    // MARK: Loading

    /// Goes on from what a file held.
    func load(_ file: StateFile) throws(StateFault) {
        if let line = file.description.difference(to: description) {
            throw StateFault("is of another machine: it has \"\(line)\"; start it with boot --load")
        }
        let before = MediaPlace.allCases.compactMap { pc.device(at: $0) }
        var state = SessionState(machine: file.machine)
        for medium in file.description.media {
            guard let content = medium.content else { continue }
            let changes = file.changes[medium.place]
            let device = try device(for: medium, content, changes ?? DiskChanges(), among: before)
            state.disks[medium.place] = .init(device: device, changes: changes)
        }
        let after = state.disks.values.map(\.device)
        do throws(BadInput) {
            try load(state)
        } catch {
            for device in after { media.release(device, keeping: before) }
            throw StateFault("cannot be loaded: \(error.message)")
        }
        for device in before { media.release(device, keeping: after) }
    }

    /// The disk that a state had in a drive: what is in that drive now, what is in another, or its file, opened anew.
    private func device(
        for medium: MachineDescription.Medium, _ content: MachineDescription.Content, _ changes: DiskChanges,
        among devices: [any BlockDevice]
    ) throws(StateFault) -> any BlockDevice {
        let place = medium.place
        let present = pc.device(at: place)
        if let number = place.ide {
            guard pc.hasCDROM(number) == (medium.kind == .cdrom), medium.kind == .cdrom || present != nil else {
                throw StateFault("has another kind of drive at \(place.name); start it with boot --load")
            }
        }
        let isHere = { (device: any BlockDevice) in device.imagePath == content.path }
        let named = present.flatMap { isHere($0) ? $0 : nil } ?? devices.first(where: isHere)
        if let named {
            try named.check(content, place, changes)
            return named
        }
        // The same disk under another name, where it does not have to be looked for.
        if let present, (try? present.check(content, place, changes)) != nil { return present }
        guard medium.kind != .disk else {
            throw StateFault("needs the disk \(content.path ?? "that is in no file") in \(place.name)")
        }
        let opened = try media.open(content.path, medium.kind, place)
        do {
            try opened.check(content, place, changes)
        } catch {
            media.release(opened, keeping: [])
            throw error
        }
        return opened
    }
}

extension BlockDevice {
    /// The file that the disk is in, nil where it is in none.
    var imagePath: String? {
        switch self {
        case let disk as ChangeTrackingDisk: disk.base.imagePath
        case let image as DiskImage: image.path
        case let disc as CDImage: disc.path
        default: nil
        }
    }

    /// What tells the disk from others, whatever the guest has done to it: as it was at power-on, without the sectors of
    /// `changes`.
    func digestAtPowerOn(excluding changes: DiskChanges) throws(BlockError) -> DiskDigest {
        switch self {
        case let disk as ChangeTrackingDisk: try disk.baseDigest(excluding: changes)
        case let disc as CDImage: try disc.wholeDigest()
        default: try digest()
        }
    }

    /// Whether it is the disk that a state names, and takes the state's changes.
    func check(
        _ content: MachineDescription.Content, _ place: MediaPlace, _ changes: DiskChanges
    ) throws(StateFault) {
        let name = imagePath ?? content.path ?? "the disk"
        let (size, expected) = (sectorCount, content.digest.sectorCount)
        guard sectorSize == content.digest.sectorSize, size == expected else {
            throw StateFault(
                "has another disk in \(place.name): \(name) has \(size) sectors, not \(expected); give it the right one"
            )
        }
        guard isReadOnly == content.isReadOnly else {
            throw StateFault(
                content.isReadOnly
                    ? "has a write-protected disk in \(place.name): use --read-only"
                    : "has a disk that can be written in \(place.name): use --discard-writes, not --read-only")
        }
        let found: DiskDigest
        do {
            found = try digestAtPowerOn(excluding: changes)
        } catch {
            throw StateFault("has a disk in \(place.name) that cannot be read: \(name)")
        }
        guard found == content.digest else {
            throw StateFault(
                "has another disk in \(place.name): \(name) is not the same or was changed later; give it the right one"
            )
        }
    }
}
