import Fuzzing

/// What libFuzzer calls with each input.
@c(LLVMFuzzerTestOneInput)
public func fuzzDevices(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // SAFETY: libFuzzer gives `count` bytes.
    TrafficRun.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
