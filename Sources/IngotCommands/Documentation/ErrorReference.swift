import IngotCore

/// The page of all error numbers, in Markdown: the text of docs/errors.md.
package enum ErrorReference {
    /// The groups of numbers, by their hundreds.
    private static let groups = [
        1: "Project files", 2: "Setup and environment", 3: "Reading objects", 4: "Tables and commits", 5: "Models",
        6: "State", 7: "Catalog service", 8: "Commands", 9: "Workflows",
        10: "Loads",
    ]

    /// The whole page.
    package static var text: String {
        var text = """
            # Errors

            Every error that Ingot reports has a number, which keeps its meaning for ever. This page is generated from \
            the catalogue of numbers; a test compares the two.

            """
        var group: Int?
        for code in ErrorCode.all {
            let hundreds = code.number / 100
            if hundreds != group {
                text += "\n## \(groups[hundreds] ?? "Others")\n"
                group = hundreds
            }
            text += """

                ### \(code): \(code.title)

                \(code.cause)

                **What to do:** \(code.nextStep)

                """
        }
        return text
    }
}
