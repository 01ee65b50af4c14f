#if arch(x86_64)
    import Testing

    @testable import PCCore

    /// Arithmetic in integers against this host's own x87, to nearest and with 64 bits.
    @Suite struct Float80Tests {
        /// What the chip makes of two operands, results bit for bit.
        @Test func arithmetic() {
            var operands = FloatOperands(seed: 6)
            for _ in 0..<100_000 {
                let (a, b) = (operands.any(isSupported: true), operands.any(isSupported: true))
                let (x, y) = (Float80(a), Float80(b))
                expect(x + y, a, b) { $0.add(a, b) }
                expect(x - y, a, b) { $0.subtract(a, b) }
                expect(x * y, a, b) { $0.multiply(a, b) }
                expect(x / y, a, b) { $0.divide(a, b) }
                expect(x.squareRoot(), a, a) { $0.squareRoot(a) }
                expect(x.rounded(.toNearestOrEven), a, a) { $0.roundToInteger(a) }
                var environment = FloatEnvironment(.nearest)
                let order = environment.compare(a, b, isQuiet: false)
                #expect((order == .less) == (x < y))
                #expect((order == .equal) == (x == y))
                #expect((order == .greater) == (x > y))
            }
        }

        @Test func conversions() {
            var operands = FloatOperands(seed: 7)
            for _ in 0..<100_000 {
                let a = operands.any(isSupported: true)
                var environment = FloatEnvironment(.nearest)
                let (single, double) = (Float(Float80(a)), Double(Float80(a)))
                #expect(environment.storeSingle(a) == single.bitPattern)
                #expect(environment.storeDouble(a) == double.bitPattern)
                #expect((environment.status & FloatEnvironment.Status.invalid != 0) == a.isSignalingNaN)
            }
        }

        /// A NaN that Swift hands about may have been quieted or not, so only that it is one counts.
        private func expect(
            _ host: Float80, _ a: Extended, _ b: Extended, _ operation: (inout FloatEnvironment) -> Extended,
            sourceLocation: SourceLocation = #_sourceLocation
        ) {
            var environment = FloatEnvironment(.nearest)
            let result = operation(&environment)
            if host.isNaN && result.isNaN { return }
            if result != Extended(host) {
                Issue.record("\(a) and \(b): \(result), host \(Extended(host))", sourceLocation: sourceLocation)
            }
        }
    }

    extension Float80 {
        fileprivate init(_ a: Extended) {
            self.init(
                sign: a.isNegative ? .minus : .plus, exponentBitPattern: UInt(a.exponent),
                significandBitPattern: a.significand)
        }
    }

    extension Extended {
        fileprivate init(_ a: Float80) {
            self.init(
                UInt16(a.exponentBitPattern) | (a.sign == .minus ? 0x8000 : 0),
                a.withSignificandBits)
        }
    }

    extension Float80 {
        /// With the integer bit, which `significandBitPattern` leaves out.
        fileprivate var withSignificandBits: UInt64 {
            withUnsafeBytes(of: self) { $0.loadUnaligned(as: UInt64.self) }
        }
    }
#endif
