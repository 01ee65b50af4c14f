// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target of this package: Swift 6 language mode, no warning left standing.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]

/// The core is optimised in every configuration: its handlers call each other in tail position, and only the
/// optimiser turns that into jumps. Merging of equal functions would replace handlers by thunks. The package manager
/// asks for a frame pointer in every function; the last pair takes it out of functions that call nothing.
let core: [SwiftSetting] =
    strict + [
        .unsafeFlags([
            "-O", "-wmo", "-enforce-exclusivity=unchecked", "-num-threads", "2",
            "-Xllvm", "-swiftmergefunc-threshold=0",
            "-Xfrontend", "-disable-llvm-merge-functions-pass",
            "-Xcc", "-momit-leaf-frame-pointer",
        ])
    ]

let package = Package(
    name: "swift86",
    products: [
        .library(name: "Swift86", targets: ["PCCore", "PCHost"]),
        .executable(name: "swift86", targets: ["swift86"]),
    ],
    traits: [
        .trait(name: "Window", description: "The SDL2 window; without it nothing needs SDL2."),
        .trait(name: "PlainLoop", description: "Handlers return to a loop; Thread Sanitizer needs it."),
        .default(enabledTraits: ["Window"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        .target(name: "PCCore", swiftSettings: core),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "PCHost",
            dependencies: ["PCCore", "CPNG", "CZlib", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict
        ),
        // Headers alone: the library is loaded when a window opens, and pkg-config would link it.
        .systemLibrary(name: "CSDL2", providers: [.apt(["libsdl2-dev"])]),
        .target(
            name: "PCWindow",
            dependencies: ["PCCore", "PCHost", .target(name: "CSDL2", condition: .when(traits: ["Window"]))],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "swift86",
            dependencies: [
                "PCCore", "PCHost",
                .target(name: "PCWindow", condition: .when(traits: ["Window"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict,
            linkerSettings: [
                // Half of the time to the first guest instruction would go into shared libraries. The libraries named
                // here are those that FoundationEssentials needs; other linkers than lld warn about what is in it.
                .unsafeFlags(
                    [
                        "-static-stdlib", "-use-ld=lld", "-l_FoundationCShims", "-l_FoundationCollections",
                        "-lswiftSynchronization",
                    ],
                    .when(configuration: .release))
            ]
        ),
        // Not products: `make fuzz` runs the second, which is the first with a command line.
        .target(name: "Fuzzing", dependencies: ["PCCore"], swiftSettings: strict),
        .executableTarget(name: "fuzz", dependencies: ["Fuzzing"], swiftSettings: strict),
        .testTarget(
            name: "FuzzingTests", dependencies: ["PCCore", "Fuzzing"], exclude: ["Found"], swiftSettings: strict),
        .testTarget(name: "PCCoreTests", dependencies: ["PCCore"], swiftSettings: strict),
        .testTarget(name: "PCHostTests", dependencies: ["PCCore", "PCHost", "CPNG"], swiftSettings: strict),
        .testTarget(
            name: "WindowTests",
            dependencies: [
                "PCCore", "PCHost",
                .target(name: "PCWindow", condition: .when(traits: ["Window"])),
                .target(name: "CSDL2", condition: .when(traits: ["Window"])),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VectorTests", dependencies: ["PCCore", "PCHost"],
            exclude: ["Sample", "Found"], swiftSettings: strict
        ),
        // Boots whole machines and drives the command line. `swift test` builds the executable with everything else; as
        // a dependency it would have the tests linked statically too, and the testing libraries are shared ones.
        .testTarget(
            name: "MachineTests", dependencies: ["PCCore", "PCHost"], exclude: ["Fixtures"], swiftSettings: strict),
    ]
)
