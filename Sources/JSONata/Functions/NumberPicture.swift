import JSONTree

/// Formats numbers by pictures such as `#,##0.00` (XPath functions and operators, 4.7).
struct NumberPicture {
    /// The characters that have a meaning in a picture; the options of `$formatNumber` change them.
    struct Symbols {
        var decimal = "."
        var grouping = ","
        var exponent = "e"
        var minus = "-"
        var percent = "%"
        var perMille = "\u{2030}"
        var zero = "0"
        var digit = "#"
        var separator = ";"

        init(_ options: ObjectValue?) {
            guard let options else { return }
            decimal = options["decimal-separator"].string ?? decimal
            grouping = options["grouping-separator"].string ?? grouping
            exponent = options["exponent-separator"].string ?? exponent
            minus = options["minus-sign"].string ?? minus
            percent = options["percent"].string ?? percent
            perMille = options["per-mille"].string ?? perMille
            zero = options["zero-digit"].string ?? zero
            digit = options["digit"].string ?? digit
            separator = options["pattern-separator"].string ?? separator
        }

        /// The digits from zero to nine.
        var digits: [String] {
            guard let zero = zero.unicodeScalars.first else { return [] }
            return (UInt32(0)..<10).compactMap { Unicode.Scalar(zero.value + $0).map { String(Character($0)) } }
        }
    }

    let symbols: Symbols
    let parts: Parts
    let layout: Layout

    @Sendable static func format(_ call: Invocation) throws(Failure) -> Value {
        guard let number = call[0].number, let picture = call[1].string else { return .undefined }
        try call.evaluator.spend(32 * picture.utf8.count)
        let symbols = Symbols(call[2].object)
        let subpictures = symbols.separator.isEmpty ? [picture] : picture.utf8Parts(between: symbols.separator)
        guard subpictures.count <= 2 else { throw Failure("D3080") }
        var pictures: [NumberPicture] = []
        for text in subpictures { pictures.append(try NumberPicture(text, symbols)) }
        let isNegative = !(number >= 0)
        let chosen = isNegative ? pictures[pictures.count - 1] : pictures[0]
        // Without a picture of their own, negative numbers take that of the others after a minus sign.
        let sign = isNegative && pictures.count == 1 ? symbols.minus : ""
        return .string(sign + chosen.format(number))
    }

    init(_ text: String, _ symbols: Symbols) throws(Failure) {
        self.symbols = symbols
        let parts = Parts(text, symbols)
        if let code = parts.offence(symbols) { throw Failure(code) }
        self.parts = parts
        layout = Layout(parts, symbols)
    }

    private func format(_ number: Double) -> String {
        var value = number
        if parts.contains(symbols.percent) {
            value *= 100
        } else if parts.contains(symbols.perMille) {
            value *= 1000
        }
        let (mantissa, exponent) = scale(value)
        let rounded = NumberFunctions.rounded(mantissa, places: Double(layout.fractionMax))
        var text = layOut(fixed(rounded, places: layout.fractionMax))
        if let exponent {
            var digits = fixed(Double(exponent), places: 0)
            digits = Array(repeating: symbols.zero, count: max(0, layout.exponentMin - digits.count)) + digits
            text += symbols.exponent + (exponent < 0 ? symbols.minus : "") + digits.joined()
        }
        return parts.prefix + text + parts.suffix
    }

    /// The number as mantissa and exponent, if the picture has one.
    private func scale(_ value: Double) -> (Double, Int?) {
        guard layout.exponentMin > 0 else { return (value, nil) }
        var mantissa = value
        var exponent = 0
        let greatest = Power.of(10, Double(layout.scale))
        let least = Power.of(10, Double(layout.scale - 1))
        guard mantissa != 0, mantissa.isFinite else { return (mantissa, 0) }
        while mantissa.magnitude < least {
            mantissa *= 10
            exponent -= 1
        }
        while mantissa.magnitude > greatest {
            mantissa /= 10
            exponent += 1
        }
        return (mantissa, exponent)
    }

    /// The digits of a number without its sign, in the digits of the picture; the point is `.`.
    private func fixed(_ number: Double, places: Int) -> [String] {
        let digits = symbols.digits
        guard number.isFinite else { return [NumberText.text(number.magnitude)] }
        return ExactDecimal(number.magnitude).fixed(places).map { character in
            guard let value = character.wholeNumberValue, value < digits.count else { return String(character) }
            return digits[value]
        }
    }

    private func layOut(_ text: [String]) -> String {
        let point = text.firstIndex(of: ".") ?? text.count
        var integer = Array(text[..<point].drop { $0 == symbols.zero })
        var fraction = Array(text[min(point + 1, text.count)...])
        while fraction.last == symbols.zero { fraction.removeLast() }
        integer = Array(repeating: symbols.zero, count: max(0, layout.integerMin - integer.count)) + integer
        fraction += Array(repeating: symbols.zero, count: max(0, layout.fractionMin - fraction.count))
        integer = grouped(integer)
        for position in layout.fractionGroups where position <= fraction.count {
            fraction.insert(symbols.grouping, at: position)
        }
        let hasFraction = parts.contains(symbols.decimal) && !fraction.isEmpty
        return integer.joined() + (hasFraction ? symbols.decimal + fraction.joined() : "")
    }

    private func grouped(_ digits: [String]) -> [String] {
        var result = digits
        let positions =
            layout.regularGroup > 0
            ? Array(stride(from: layout.regularGroup, to: digits.count, by: layout.regularGroup))
            : layout.integerGroups.filter { $0 <= digits.count }
        // From the right to the left, so that no separator moves the place of the next one.
        for position in positions.sorted() {
            result.insert(symbols.grouping, at: digits.count - position)
        }
        return result
    }
}
