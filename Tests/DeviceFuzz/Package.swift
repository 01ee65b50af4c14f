// swift-tools-version: 6.2
import PackageDescription

/// The device fuzzer with libFuzzer's engine, which looks at coverage. A package of its own, because `--sanitize=fuzzer`
/// gives every executable of a package a second `main`. PCCore and Fuzzing are links to the sources.
///
/// Of two `--sanitize` the compiler heeds the last one, so that both stand here once more, in one.
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .unsafeFlags(["-sanitize=fuzzer,address"])]

let package = Package(
    name: "device-fuzz",
    targets: [
        // As in the package above.
        .target(
            name: "PCCore",
            swiftSettings: strict + [
                .unsafeFlags([
                    "-O", "-wmo", "-enforce-exclusivity=unchecked", "-num-threads", "2",
                    "-Xllvm", "-swiftmergefunc-threshold=0",
                    "-Xfrontend", "-disable-llvm-merge-functions-pass",
                    "-Xcc", "-momit-leaf-frame-pointer",
                ])
            ]),
        .target(name: "Fuzzing", dependencies: ["PCCore"], swiftSettings: strict),
        .executableTarget(
            name: "DeviceFuzz", dependencies: ["Fuzzing"],
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]),
    ]
)
