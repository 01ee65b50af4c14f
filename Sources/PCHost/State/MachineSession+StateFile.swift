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
        let bytes = file.container.bytes
        try StateStorage.write(bytes, to: path, keepingOff: media.files)
        media.guards.saved(path, bytes, file.changes, in: pc)
    }

    /// Goes on from the state in a file, which has to be of a machine like this one. Floppies and CDs that were in the
    /// drives then are put in again. Where anything is wrong, the session goes on as it was.
    public func load(from path: String) throws(BadInput) {
        try load(StateFile(StateContainer(path: path), path), path)
    }

    func load(_ file: StateFile, _ path: String) throws(BadInput) {
        // Between states of its own a run goes to and fro as it likes.
        let isKnown = media.guards.logs.contains { $0.state == file.checksum }
        do throws(StateFault) {
            try load(file, UndoFile(beside: path, of: file.checksum, mayRewind: plan.rewindsDisks || isKnown))
        } catch {
            throw error.input(path)
        }
        media.guards.add(path, of: file.checksum, file.changes, in: pc)
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
        var file = StateFile(
            description: description, configuration: pc.configuration, machine: pc.save(), changes: changes)
        for place in MediaPlace.allCases {
            let image = (pc.device(at: place) as? ChangeTrackingDisk)?.base as? DiskImage
            if image?.overlay != nil { file.overlaid.insert(place) }
        }
        return file
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
    private func load(_ file: StateFile, _ undo: UndoFile) throws(StateFault) {
        if let line = file.description.difference(to: description) {
            throw StateFault("is of another machine: it has \"\(line)\"; start it with boot --load")
        }
        let before = MediaPlace.allCases.compactMap { pc.device(at: $0) }
        var state = SessionState(machine: file.machine)
        for medium in file.description.media {
            guard let content = medium.content else { continue }
            let changes = file.changes[medium.place]
            let fit = DiskFit(
                content: content, place: medium.place, changes: changes ?? DiskChanges(),
                isOverlaid: file.overlaid.contains(medium.place), undo: undo)
            let (device, undone) = try device(for: medium.kind, fit, among: before)
            state.disks[medium.place] = .init(device: device, changes: changes, undone: undone)
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

    /// The disk that a state had in a drive: what is in that drive now, what is in another, or its file, opened anew. With
    /// what is to be undone on it.
    private func device(
        for kind: DiskKind, _ fit: DiskFit, among devices: [any BlockDevice]
    ) throws(StateFault) -> (any BlockDevice, DiskChanges) {
        let (place, path) = (fit.place, fit.content.path)
        let present = pc.device(at: place)
        if let number = place.ide {
            guard pc.hasCDROM(number) == (kind == .cdrom), kind == .cdrom || present != nil else {
                throw StateFault("has another kind of drive at \(place.name); start it with boot --load")
            }
        }
        let isHere = { (device: any BlockDevice) in device.imagePath == path }
        let named = present.flatMap { isHere($0) ? $0 : nil } ?? devices.first(where: isHere)
        if let named { return (named, try fit.check(named)) }
        // The same disk under another name, where it does not have to be looked for.
        if let present, let undone = try? fit.check(present) { return (present, undone) }
        guard kind != .disk else {
            throw StateFault("needs the disk \(path ?? "that is in no file") in \(place.name)")
        }
        let opened = try media.open(path, kind, place)
        do {
            return (opened, try fit.check(opened))
        } catch {
            media.release(opened, keeping: [])
            throw error
        }
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
}
