// Written by BIOS/embed.sh from BIOS/bios.bin, BIOS/vgabios.bin and TestROMs/demo.img.
enum EmbeddedFirmware {
    static let bios: StaticString = """
        """
    static let vgabios: StaticString = """
        """
    static let demo: StaticString = """
        """
    static let demoSize = 163840
}
