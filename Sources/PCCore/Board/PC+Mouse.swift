extension PC {
    /// Moves the mouse by `dx` counts to the right and `dy` towards the user (down on the screen; negative numbers go the
    /// other way), and turns its wheel by `wheel` notches towards the user (further down in a text).
    ///
    /// The guest hears of it as soon as it can take a report. What comes while it takes none adds up, to some 4,000 counts
    /// each way. A guest without a driver for the mouse hears nothing.
    public func moveMouse(dx: Int, dy: Int, wheel: Int = 0) {
        take(.moveMouse(dx: dx, dy: dy, wheel: wheel))
    }

    /// Holds these buttons of the mouse and no others. A change that is undone before the guest can take a report, 10 ms
    /// at the usual rate, is not seen.
    public func setMouseButtons(_ buttons: MouseButtons) { take(.holdMouseButtons(buttons)) }

    var pointer: (any PointingDevice)? { mouse ?? serialMouse }

    func wireMouse() {
        if let mouse { keyboardController.connect(auxiliary: mouse) }
        guard let serialMouse, let port = configuration.mouse.port else { return }
        let uart = serial[port]
        // The mouse has no line to be stopped by, and drives none of the modem's.
        uart.senderWaits = false
        uart.modemInputs = []
        uart.outputsChanged = { [unowned serialMouse] in serialMouse.setPower($0 && $1) }
        serialMouse.transmit = { [unowned uart] in uart.receive($0) }
    }

    func mouseEventDue() {
        mouse?.eventDue()
        serialMouse?.eventDue()
    }
}
