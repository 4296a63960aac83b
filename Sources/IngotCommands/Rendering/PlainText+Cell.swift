import IngotCore

extension PlainText {
    /// How wide a cell of a table is at most.
    static let cellWidthMax = 1_000
    /// How many scalars of a text can matter to that width, with the marks above and below letters.
    private static let cellScalarsMax = 8 * cellWidthMax

    /// What a cell of a table shows of a text, however long that is: one line, with an ellipsis if something is left out.
    static func cell(_ text: String) -> String {
        let start = text.unicodeScalars.prefix(cellScalarsMax)
        let ellipsis = start.endIndex < text.unicodeScalars.endIndex ? "…" : ""
        return DisplayWidth.fitted(oneLine(String(start)) + ellipsis, to: cellWidthMax)
    }
}
