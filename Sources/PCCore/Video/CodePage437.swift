/// The character set of the PC's text modes.
public enum CodePage437 {
    /// What the codes show as; 0 and 255 are blanks.
    private static let characters = Array(
        """
         ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼ !"#$%&'()*+,-./0123456789:;<=>?\
        @ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~⌂\
        ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
        └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{20}
        """.unicodeScalars)

    public static func unicode(_ code: UInt8) -> Unicode.Scalar { characters[Int(code)] }

    /// The code that shows as `character`, nil where there is none.
    public static func code(_ character: Unicode.Scalar) -> UInt8? {
        if character.value >= 32 && character.value < 127 { return UInt8(character.value) }
        return characters.firstIndex(of: character).map { UInt8($0) }
    }
}
