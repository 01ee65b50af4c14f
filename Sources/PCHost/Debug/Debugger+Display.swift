/// What is printed after each move.
extension Debugger {
    struct Display {
        let number: Int
        let expression: DebugExpression
    }

    func displayCommand(_ text: inout CommandText) throws(BadInput) {
        guard let expression = try text.takeOptionalExpression() else { return printDisplays() }
        try text.finish()
        try expression.check(in: self)
        lastDisplay += 1
        let display = Display(number: lastDisplay, expression: expression)
        displays.append(display)
        show(display)
    }

    func undisplayCommand(_ text: inout CommandText) throws(BadInput) {
        if text.isAtEnd { displays = [] }
        while !text.isAtEnd {
            let number = try text.takeExpression().value(in: self).number
            guard let place = displays.firstIndex(where: { $0.number == number }) else {
                throw BadInput("\(number): no display has this number; see display")
            }
            displays.remove(at: place)
        }
    }

    func printDisplays() {
        if displays.isEmpty { print("nothing is displayed") }
        for display in displays { show(display) }
    }

    /// Memory that cannot be read now may be there later: that is no reason to stop a script.
    func show(_ display: Display) {
        let value: String
        do throws(BadInput) {
            value = line(try display.expression.value(in: self))
        } catch {
            value = "cannot be told: \(error.message)"
        }
        print("\(display.number): \(display.expression.text) = \(value)")
    }
}
