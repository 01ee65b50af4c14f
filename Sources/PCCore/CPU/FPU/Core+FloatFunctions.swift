/// x87 functions of one and two operands on the stack, beyond plain arithmetic [SDM 2A FPREM, FSCALE, FXTRACT, FSIN].
extension Core {
    private typealias Status = FloatEnvironment.Status

    /// FINCSTP, FDECSTP: the stack turns, and no tag changes.
    func rotateStack(by count: UInt32) {
        clearC1()
        s.pointee.fpu.top = (s.pointee.fpu.top &+ count) & 7
    }

    /// C2 says that a reduction is not complete; a stack fault leaves it clear as well.
    private func clearC2() { s.pointee.fpu.statusWord &= ~Status.c2 }

    /// FYL2X, FYL2XP1, FPATAN: ST(1) becomes what `operation` makes of ST(0) and ST(1), in this order; then ST(0) goes.
    func replaceNextAndPop(_ operation: (inout FloatEnvironment, Extended, Extended) -> Extended) {
        var result = Extended.indefinite
        if isEmpty(0) || isEmpty(1) {
            guard faultStack(.underflow) else { return }
        } else {
            var environment = floatEnvironment
            result = operation(&environment, stack(0).pointee.value, stack(1).pointee.value)
            finish(environment)
            if environment.isBlocked { return }
        }
        setStack(1, result)
        popStack()
    }

    /// FSCALE.
    func scale() {
        guard areThere(0, 1, orElse: { setStack(0, .indefinite) }) else { return }
        let power = stack(1).pointee.value
        replaceTop { $0.scale($1, by: power) }
    }

    /// FPREM, FPREM1.
    func remainder(toNearest: Bool) {
        clearC2()
        guard areThere(0, 1, orElse: { setStack(0, .indefinite) }) else { return }
        var environment = floatEnvironment
        let result = environment.remainder(stack(0).pointee.value, stack(1).pointee.value, toNearest: toNearest)
        // Without a quotient C0 and C3 stay as they were (verified: vectors x87 D9F8).
        let hasQuotient = !environment.isBlocked && !result.isNaN
        finish(environment, conditions: hasQuotient ? Status.conditions : Status.c1 | Status.c2)
        if !environment.isBlocked { setStack(0, result) }
    }

    /// FXTRACT: the exponent replaces ST(0), the significand is pushed.
    func extract() {
        splitTop { environment, value in
            let parts = environment.extract(value)
            return (parts.exponent, parts.significand)
        }
    }

    // MARK: Circular functions

    /// FSIN, FCOS: an argument out of range stays, with C2 set.
    func circular(_ operation: (inout FloatEnvironment, Extended) -> Extended) {
        clearC2()
        replaceTop(conditions: Status.c1 | Status.c2) { environment, value in
            let result = operation(&environment, value)
            return environment.status & Status.c2 != 0 ? value : result
        }
    }

    /// FSINCOS: the sine replaces ST(0), the cosine is pushed.
    func sineAndCosine() {
        clearC2()
        splitTop(conditions: Status.c1 | Status.c2) { environment, value in
            let both = environment.sineAndCosine(value)
            return (both.sine, both.cosine)
        }
    }

    /// FPTAN: the tangent replaces ST(0), and 1 is pushed; a NaN is pushed as well.
    func tangent() {
        clearC2()
        splitTop(conditions: Status.c1 | Status.c2) { environment, value in
            let result = environment.tangent(value)
            return (result, result.isNaN ? result : .one)
        }
    }

    /// Replaces ST(0) by one result and pushes another. With C2 set nothing changes.
    private func splitTop(
        conditions: UInt16 = FloatEnvironment.Status.c1,
        _ operation: (inout FloatEnvironment, Extended) -> (Extended, Extended)
    ) {
        var results = (Extended.indefinite, Extended.indefinite)
        if isEmpty(0) || !isEmpty(7) {
            guard faultStack(isEmpty(0) ? .underflow : .overflow) else { return }
        } else {
            var environment = floatEnvironment
            results = operation(&environment, stack(0).pointee.value)
            finish(environment, conditions: conditions)
            if environment.isBlocked || environment.status & conditions & Status.c2 != 0 { return }
        }
        setStack(0, results.0)
        pushStack(results.1)
    }
}
