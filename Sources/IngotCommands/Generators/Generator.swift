/// Writes made-up data of one kind.
protocol Generator: Sendable {
    /// The name on the command line, and what files begin with.
    var name: String { get }
    /// What it writes, in a few words.
    var summary: String { get }
    /// What files end with.
    var suffix: String { get }

    /// The text of one file.
    ///
    /// It depends on nothing but its arguments, so that the same seed gives the same bytes.
    func text(_ settings: GeneratorSettings, _ draw: inout SeededDraw) -> String
}

/// How much of what is to be written.
struct GeneratorSettings: Sendable {
    /// How many records stand in the files before.
    var first: Int
    /// How many records.
    var count: Int
    /// When the first record is.
    var start: GeneratedTime
    /// The share of wrong records.
    var dirtyShare: Double
}

/// The generators that there are.
enum Generators {
    static let all: [any Generator] = [
        ShipmentsGenerator(), UsersGenerator(), PurchasesGenerator(), AgentActivityGenerator(),
        ConversationsGenerator(),
    ]
}
