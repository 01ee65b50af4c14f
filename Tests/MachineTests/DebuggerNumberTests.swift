import PCHost
import Testing

/// Numbers that do not fit are refused, with what they stand for and how large that may be.
@Suite struct DebuggerNumberTests {
    @Test(
        arguments: [
            ("set ax 99999999999", "99999999999: must be a value of ax from -0x8000 to 0xFFFF"),
            ("set ax 0x10000", "0x10000: must be a value of ax from -0x8000 to 0xFFFF"),
            ("set al -129", "-129: must be a value of al from -0x80 to 0xFF"),
            ("set eax 1<<32", "1<<32 is 4294967296: must be a value of eax from -0x80000000 to 0xFFFFFFFF"),
            ("set zf 2", "2: must be a value of zf from 0 to 1"),
            ("set iopl 4", "4: must be a value of iopl from 0 to 3"),
            ("set byte 0:500 256", "256: must be a byte from -0x80 to 0xFF"),
            ("set word 0:500 1,0x10000", "0x10000: must be a word from -0x8000 to 0xFFFF"),
            ("set dword 0:500 1<<32", "1<<32 is 4294967296: must be a dword from -0x80000000 to 0xFFFFFFFF"),
            ("set byte 100000000h 1", "100000000h: must be an address from 0 to 0xFFFFFFFF"),
            ("page 100000000h", "100000000h: must be an address from 0 to 0xFFFFFFFF"),
            ("break 100000000h", "100000000h: must be an address from 0 to 0xFFFFFFFF"),
            ("tbreak -80000001h", "-80000001h: must be an address from 0 to 0xFFFFFFFF"),
            ("until 1<<40", "1<<40 is 1099511627776: must be an address from 0 to 0xFFFFFFFF"),
            ("watch 100000000h", "100000000h: must be an address from 0 to 0xFFFFFFFF"),
            ("rwatch 0,0", "0: must be a count of bytes from 1 to 0xFFFFFFFF"),
            ("awatch 0,100000000h", "100000000h: must be a count of bytes from 1 to 0xFFFFFFFF"),
            ("last-writer 100000000h", "100000000h: must be an address from 0 to 0xFFFFFFFF"),
            ("last-writer port 65536", "65536: must be a port from 0 to 0xFFFF"),
            ("last-writer sector 9 0", "last-writer sector: needs a drive from 0 to 5 with a disk, and a sector of it"),
            ("x 100000000h", "100000000h: must be an address from 0 to 0xFFFFFFFF"),
            ("x/1048577b 0", "/1048577b: the count must be from 1 to 1048576"),
            ("x/262145d 0", "/262145d: the count must be from 1 to 262144"),
            ("x/1001s 0", "/1001s: the count must be from 1 to 1000"),
            ("x/10001i 0", "/10001i: the count must be from 1 to 10000"),
            ("x/0 0", "/0: the count must be from 1 to 1048576"),
            ("disassemble 100000000h", "100000000h: must be an address from 0 to 0xFFFFFFFF"),
            ("disassemble 0 10001", "10001: must be a count from 1 to 10000"),
            ("find 100000000h,1 00", "100000000h: must be an address from 0 to 0xFFFFFFFF"),
            ("find 0,0 00", "0: must be a count of bytes from 1 to 0x10000000"),
            ("port 65536", "65536: must be a port from 0 to 0xFFFF"),
            ("port -1", "-1: must be a port from 0 to 0xFFFF"),
            ("port 65535,100", "65535,100: the last port would be 0x10062; ports end at 0xFFFF"),
            ("port 60h,0", "0: must be a count from 1 to 65536"),
            ("port 60h,9223372036854775807", "9223372036854775807: must be a count from 1 to 65536"),
            ("int 256", "256: must be a vector from 0 to 255"),
            ("idt 256", "256: must be a vector from 0 to 255"),
            ("gdt 10000h", "10000h: must be a segment from 0 to 0xFFFF"),
            ("stack 4097", "4097: must be a count from 1 to 4096"),
            ("stack 0", "0: must be a count from 1 to 4096"),
            ("step 0", "0: must be a count from 1 to 9223372036854775807"),
            ("back -1", "-1: must be a count from 1 to 9223372036854775807"),
            ("print 12345:0", "0x12345: must be a segment from 0 to 0xFFFF"),
            ("print 0:1<<40", "0x10000000000: must be an offset from 0 to 0xFFFFFFFF"),
            ("print [100000000h]", "0x100000000: must be an address from 0 to 0xFFFFFFFF"),
        ] as [(String, String)])
    func whatDoesNotFitIsRefused(_ line: String, _ message: String) throws {
        let bench = try DebuggerBench(DebuggerTests.Program.real)
        #expect(bench.complaint(line) == message)
        #expect(try bench.print(["info breaks"]) == ["no stops"])
    }

    @Test func theLargestAndTheLeastFit() throws {
        let bench = try DebuggerBench(DebuggerTests.Program.real)
        try bench.replay(
            """
            > set ax -1
            > print ax
            FFFFh  65535  1111111111111111b
            > set al -128
            > print al
            80h  128  10000000b
            > set eax -80000000h
            > print eax
            80000000h  2147483648
            > set zf 1
            > set word 0:500 0FFFFh,-1
            > x/2w 0:500
            0000:0500  FFFF FFFF
            > x/1i -16
            FFFFFFF0  EA000000F0        ljmp 0xf000:0
            > port 0,65536
            stop 1 at 0000
            > watch -1
            stop 2 at FFFFFFFF
            > awatch 0,0FFFFFFFFh
            stop 3 at 00000000
            > info breaks
            1  port 0,65536, 0 hits
            2  watch -1, 0 hits
            3  awatch 0,4294967295, 0 hits
            """)
    }
}
