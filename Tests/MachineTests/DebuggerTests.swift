import PCCore
import PCHost
import Testing

/// A debugger's commands on machines, and all that it prints.
@Suite struct DebuggerTests {
    /// Programs at F000:0000, where the CPU comes to with its first jump.
    private enum Program {
        /// Three times through a function that counts at 0:502; the second time it spoils the word at 0:500.
        static let real: [UInt8] = [
            0x31, 0xC0,  // 00 xor ax, ax
            0x8E, 0xD8, 0x8E, 0xD0,  // 02 mov ds, ax / mov ss, ax
            0xBC, 0x00, 0x70,  // 06 mov sp, 7000h
            0xC7, 0x06, 0x00, 0x05, 0x34, 0x12,  // 09 mov word [500h], 1234h
            0xB9, 0x03, 0x00,  // 0F mov cx, 3
            0xE8, 0x0B, 0x00,  // 12 again: call count
            0xE2, 0xFB,  // 15 loop again
            0xB0, 0x7E, 0xE6, 0x80,  // 17 mov al, 7Eh / out 80h, al
            0xEB, 0xFE, 0x90, 0x90, 0x90,  // 1B end: jmp end
            0xFF, 0x06, 0x02, 0x05,  // 20 count: inc word [502h]
            0x83, 0xF9, 0x02, 0x75, 0x04,  // 24 cmp cx, 2 / jne 2D
            0xFE, 0x06, 0x01, 0x05,  // 29 inc byte [501h]
            0xC3,  // 2D ret
        ]

        /// Pages the first megabyte to itself, but linear 5000h to 8000h, and writes there in 32-bit code.
        static let paged: [UInt8] = {
            var code: [UInt8] = [
                0xFA, 0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0,  // 00 cli / xor ax, ax / mov ds, ax / mov es, ax
                0xC7, 0x06, 0x00, 0x10, 0x07, 0x20,  // 07 mov word [1000h], 2007h
                0xBF, 0x00, 0x20,  // 0D mov di, 2000h
                0x66, 0xB8, 0x07, 0x00, 0x00, 0x00,  // 10 mov eax, 7
                0xB9, 0x00, 0x01,  // 16 mov cx, 256
                0x66, 0xAB,  // 19 stosd
                0x66, 0x05, 0x00, 0x10, 0x00, 0x00, 0xE2, 0xF6,  // 1B add eax, 1000h / loop 19
                0xC7, 0x06, 0x14, 0x20, 0x07, 0x80,  // 23 mov word [2014h], 8007h
                0x66, 0xB8, 0x00, 0x10, 0x00, 0x00, 0x0F, 0x22, 0xD8,  // 29 mov eax, 1000h / mov cr3, eax
                0x2E, 0x66, 0x0F, 0x01, 0x16, 0x00, 0x01,  // 32 lgdt [cs:100h]
                0x66, 0xB8, 0x01, 0x00, 0x00, 0x80, 0x0F, 0x22, 0xC0,  // 39 mov eax, 80000001h / mov cr0, eax
                0x66, 0xEA, 0x80, 0x00, 0x0F, 0x00, 0x08, 0x00,  // 42 jmp 8:F0080h
            ]
            code += [UInt8](repeating: 0x90, count: 0x80 - code.count)
            code += [
                0x66, 0xB8, 0x10, 0x00, 0x8E, 0xD8, 0x8E, 0xD0,  // 80 mov ax, 10h / mov ds, ax / mov ss, ax
                0xBC, 0x00, 0x70, 0x00, 0x00,  // 88 mov esp, 7000h
                0xC7, 0x05, 0x00, 0x50, 0x00, 0x00, 0xEF, 0xBE, 0xAD, 0xDE,  // 8D mov dword [5000h], DEADBEEFh
                0xE8, 0x04, 0x00, 0x00, 0x00,  // 97 call A0
                0xEB, 0xFE, 0x90, 0x90, 0xC3,  // 9C end: jmp end / A0 ret
            ]
            code += [UInt8](repeating: 0x90, count: 0x100 - code.count)
            code += [0x17, 0x00, 0x08, 0x01, 0x0F, 0x00, 0x00, 0x00] + [UInt8](repeating: 0, count: 8)
            code += [0xFF, 0xFF, 0x00, 0x00, 0x00, 0x9A, 0xCF, 0x00, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x92, 0xCF, 0x00]
            return code
        }()
    }

    /// A machine with a debugger, and what it has printed.
    private final class Bench {
        let session: MachineSession
        let debugger: Debugger
        let folder: Folder
        private var lines: [String] = []

        init(_ program: [UInt8], _ change: (inout BootOptions) -> Void = { _ in }) throws {
            folder = try Folder()
            var options = BootOptions()
            options.bios = try folder.file("tiny.bin", TinyBIOS(program).image)
            options.headless = true
            options.cpu = "486"
            options.memory = "1M"
            change(&options)
            let none = DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false)
            session = try MachineSession(try BootPlan(options, surroundings: none))
            var take: (String) -> Void = { _ in }
            debugger = Debugger(DebugTarget(session)) { take($0) }
            take = { [unowned self] in lines.append($0) }
        }

        var hash: String { MachineHash.hex(session.pc, disks: []) }

        /// The lines of a transcript that begin with `> ` are done; the rest is what they must print.
        func replay(_ transcript: String) throws {
            let commands = transcript.split(separator: "\n").filter { $0.hasPrefix("> ") }.map { $0.dropFirst(2) }
            lines = []
            for command in commands {
                lines.append("> \(command)")
                do { try debugger.execute(String(command)) } catch { lines.append("error: \(error.message)") }
            }
            let text = lines.map { $0.hasSuffix(" ") ? "\($0)|" : $0 }.joined(separator: "\n")
            #expect(text == transcript)
        }

        func print(_ commands: [String]) throws -> [String] {
            lines = []
            for command in commands { try debugger.execute(command) }
            return lines
        }
    }
