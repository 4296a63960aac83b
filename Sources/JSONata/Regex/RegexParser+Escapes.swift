/// What a backslash and the text after it stand for.
enum RegexEscape {
    case unit(UInt16)
    case ranges([ClosedRange<UInt16>])

    var ranges: [ClosedRange<UInt16>] {
        switch self {
        case .unit(let unit): [unit...unit]
        case .ranges(let ranges): ranges
        }
    }
}

extension RegexParser {
    /// Reads an escape that stands for one unit or a class of them; the position is at its backslash.
    mutating func escapedUnits() throws(Problem) -> RegexEscape {
        guard let unit = peek(1) else { throw Problem() }
        position += 2
        switch unit {
        case UInt16(ascii: "d"): return .ranges(UnitSet.digits)
        case UInt16(ascii: "D"): return .ranges(UnitSet.complement(UnitSet.digits))
        case UInt16(ascii: "w"): return .ranges(UnitSet.wordUnits)
        case UInt16(ascii: "W"): return .ranges(UnitSet.complement(UnitSet.wordUnits))
        case UInt16(ascii: "s"): return .ranges(UnitSet.spaces)
        case UInt16(ascii: "S"): return .ranges(UnitSet.complement(UnitSet.spaces))
        case UInt16(ascii: "t"): return .unit(0x09)
        case UInt16(ascii: "n"): return .unit(0x0A)
        case UInt16(ascii: "v"): return .unit(0x0B)
        case UInt16(ascii: "f"): return .unit(0x0C)
        case UInt16(ascii: "r"): return .unit(0x0D)
        case UInt16(ascii: "x"): return .unit(hexadecimal(2) ?? unit)
        case UInt16(ascii: "u"): return .unit(hexadecimal(4) ?? unit)
        case UInt16(ascii: "c"):
            guard let letter = peek(), letter < 128, letter.caseFolded >= 65, letter.caseFolded <= 90 else {
                position -= 1
                return .unit(.backslash)
            }
            position += 1
            return .unit(letter % 32)
        case UInt16(ascii: "0")...UInt16(ascii: "7"):
            position -= 1
            return .unit(octal())
        default: return .unit(unit)
        }
    }

    private mutating func hexadecimal(_ count: Int) -> UInt16? {
        let digits = units[position...].prefix(count)
        guard digits.count == count else { return nil }
        var value: UInt16 = 0
        for digit in digits {
            guard let scalar = Unicode.Scalar(digit), let number = Character(scalar).hexDigitValue, digit < 128 else {
                return nil
            }
            value = value << 4 | UInt16(number)
        }
        position += count
        return value
    }

    /// Reads up to three octal digits, of a value up to 255.
    private mutating func octal() -> UInt16 {
        var value: UInt16 = 0
        var count = 0
        while count < 3, let digit = peek(), digit >= 48, digit <= 55, value * 8 + digit - 48 <= 255 {
            value = value * 8 + digit - 48
            position += 1
            count += 1
        }
        return value
    }
}
