import PCCore

/// A machine with the disks in its drives, as a value: what a session goes back to, in the same process.
public struct SessionState {
    /// A disk that can be changed while the machine runs, or written to.
    struct Disk {
        var device: any BlockDevice
        /// Nil for one that nobody can write to.
        var changes: DiskChanges?
        /// What a state that was loaded took back.
        var undone = DiskChanges()
    }

    var machine: MachineState
    /// What is in the drives; a place that is not in it holds nothing.
    var disks: [MediaPlace: Disk] = [:]
}

extension SessionState {
    /// The machine as it stands.
    init(_ pc: PC, after previous: MachineState? = nil) {
        machine = pc.save(after: previous)
        for place in MediaPlace.allCases {
            guard let device = pc.device(at: place) else { continue }
            let tracked = device as? ChangeTrackingDisk
            disks[place] = Disk(
                device: device, changes: tracked?.changes, undone: tracked?.undone ?? DiskChanges())
        }
    }

    /// Makes `pc` stand so. Where that fails, it may be of both.
    func put(on pc: PC) throws(StateFault) {
        // The guest is told nothing: it knows what it knew then.
        var present = pc.media
        for place in MediaPlace.allCases {
            let device = disks[place]?.device
            if let drive = place.floppy { present.floppies[drive] = device }
            if let number = place.ide, pc.hasCDROM(number) { present.discs[number] = device }
        }
        pc.media = present
        do {
            try pc.load(machine)
        } catch .otherMachine {
            throw StateFault("is of a machine of other parts")
        } catch {
            throw .damaged
        }
        for (place, disk) in disks {
            guard let changes = disk.changes, let tracked = disk.device as? ChangeTrackingDisk else { continue }
            do throws(BlockError) {
                try tracked.restore(changes, over: disk.undone)
            } catch {
                throw StateFault(error, place)
            }
        }
    }
}

extension MachineSession {
    /// The machine as it stands.
    ///
    /// - Parameter previous: an earlier state of this session, which shares with the new one what has not changed.
    public func save(after previous: SessionState? = nil) -> SessionState {
        SessionState(pc, after: previous?.machine)
    }

    /// Goes on from `state`, with the disks that were in the drives then. Where that fails, the machine is as it was.
    public func load(_ state: SessionState) throws(BadInput) {
        let before = save()
        for disk in state.disks.values { media.guards.attach(to: disk.device) }
        do throws(StateFault) {
            try state.put(on: pc)
        } catch {
            // What stood there a moment ago stands there again, unless a disk of the host fails for good.
            try? before.put(on: pc)
            throw BadInput("the state \(error.reason)")
        }
        media.note(state)
        hasJumped()
    }
}

extension StateFault {
    init(_ error: BlockError, _ place: MediaPlace) {
        switch error {
        case .writeProtected: self.init("has changes of the disk in \(place.name), which is write-protected")
        case .outOfRange: self.init("has changes that the disk in \(place.name) has no room for")
        case .failed(let reason): self.init("cannot be put on the disk in \(place.name): \(reason)")
        }
    }
}

extension PC {
    /// What is in a drive now, nil where nothing is.
    func device(at place: MediaPlace) -> (any BlockDevice)? {
        if let drive = place.floppy { return disk(floppy: drive) }
        guard let number = place.ide else { return nil }
        return disc(cdrom: number) ?? (hasCDROM(number) ? nil : configuration.disks[number])
    }
}
